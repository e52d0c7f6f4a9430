"""Each file of a pack broken in ten ways gives ten errors that say where, what and how."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guardedpersonalize.errors import PackError, Problem
from guardedpersonalize.packs import load_pack

GARDEN = Path(__file__).parents[2] / "examples" / "packs" / "garden-club"
OFFER = "templates/spring-offer"

Break = Callable[[str], str]


def swap(old: str, new: str) -> Break:
    """Return a break that puts *new* for the first *old*, which must be there."""

    def change(source: str) -> str:
        assert old in source, old
        return source.replace(old, new, 1)

    return change


def add(text: str) -> Break:
    """Return a break that adds *text* at the end."""
    return lambda source: f"{source}\n{text}\n"


def top(text: str) -> Break:
    """Return a break that puts *text* first."""
    return lambda source: f"{text}\n{source}"


BREAKS: dict[str, list[Break]] = {
    "pack.toml": [
        swap('name = "garden-club"', 'nmae = "garden-club"'),
        swap('version = "1.0.0"', 'version = "one"'),
        swap("languages =", "langauges ="),
        swap("[sender]", "[sendr]"),
        swap('name = "Fernbrook Garden Club"', 'nam = "Fernbrook Garden Club"'),
        swap('phones = ["01632 960142"]', 'phones = "01632 960142"'),
        swap('review_at = "warn"', 'review_at = "often"'),
        swap('block_at = "error"', "block_at = "),
        add('[policy.vulnerable]\nfields = ["hardship"]'),
        add('[reader]\ntime_zone = "Europe/Lundon"'),
    ],
    "fields.toml": [
        swap('category = "user.name.first"', 'category = "user.name.frist"'),
        swap('type = "text"', 'type = "txt"'),
        swap('provenance = "provided"', 'provenance = "given"'),
        swap('provenance = "provided"\n', ""),
        swap('collected = "overt"', 'colected = "overt"'),
        swap("[fields.first_name]", "[feilds.first_name]"),
        swap("[fields.first_name]", "[fields.'first name']"),
        swap('generaliser = "identifier"', 'generaliser = "identifer"'),
        swap('type = "text"', 'type = "text"\nmax_age_days = "long"'),
        swap('category = "user.name.first"', 'category = "user.name.first'),
    ],
    "products.toml": [
        swap('category = "roses"\n', ""),
        swap('category = "roses"', 'categroy = "roses"'),
        swap('department = "plants"', "department = 7"),
        swap("[products.ROS-101]", "[product.ROS-101]"),
        swap("[products.ROS-101]", "[products.ROS-101"),
        swap('department = "plants"', 'department = "plants"\nproxy_of = "user.helth"'),
        swap('department = "plants"\n', ""),
        swap("name = \"Climbing rose 'Lantern Hill'\"\n", ""),
        swap('category = "roses"', 'category = ""'),
        add("[products.ROS-101]\nname = 'x'\ncategory = 'x'\ndepartment = 'x'"),
    ],
    f"{OFFER}/template.toml": [
        swap('channel = "email"', 'channel = "emial"'),
        swap('purpose = "marketing.communications.email"', 'purpose = "marketing.comunications"'),
        swap('written_by = "human"', 'written_by = "robot"'),
        swap('language = "en"', 'language = "fr"'),
        swap('field = "first_name"', 'field = "frist_name"'),
        swap('minimise = "category"', 'minimise = "catgory"'),
        swap('minimise = "region"', 'minimise = "birth_month"'),
        swap("max_length = 60", "max_length = 0"),
        swap("[slots.tier]", '[slots.mood]\nfield = "mood"\n\n[slots.tier]'),
        swap("[slots.tier]", "[slots.teir]"),
    ],
    f"{OFFER}/body.html.j2": [
        swap("{{ first_name }}", "{{ frist_name }}"),
        swap("{{ plant_range }}", "{{ plant_range }"),
        swap("{{ tier }}", "{{ tier|safe }}"),
        swap("{{ tier }}", "{{ tier|uper }}"),
        swap("{{ tier }}", "{{ tier.__class__ }}"),
        swap("{{ tier }}", "<!-- {{ tier }} -->"),
        swap("{{ tier }}", '<a href="{{ tier }}">x</a>'),
        swap("{{ tier }}", '<a href="https://garden-club.example/{{ tier }}">x</a>'),
        swap('{% include "partials/footer.html.j2" %}', '{% include "partials/foter.html.j2" %}'),
        swap("{{ tier }}", "<p class={{ tier }}>x</p>"),
    ],
    f"{OFFER}/body.txt.j2": [
        swap("{% if first_name %}", "{% if frist_name %}"),
        swap("{% endif %}", ""),
        swap("{{ region }}", "{{ region"),
        swap("{{ tier }}", "{{ tier.upper }}"),
        swap("{{ tier }}", "{{ tier|attr('upper') }}"),
        swap("{{ tier }}", "{{ [tier]|random }}"),
        swap("{{ tier }}", "https://{{ tier }}.example/"),
        swap("{{ tier }}", "{% unknown %}"),
        swap("{{ tier }}", "{{ lipsum() }}"),
        swap("import day", "import dya"),
    ],
    f"{OFFER}/subject.j2": [
        swap("{{ first_name }}", "{{ first_nam }}"),
        swap("{% else %}", "\n{% else %}"),
        swap("{{ first_name }}", "{{ first_name|nosuch }}"),
        swap("{{ first_name }}", "{{ 1/ }}"),
        swap("{{ first_name }}", "{{ first_name.upper }}"),
        swap("{{ first_name }}", "{{ ''.__class__ }}"),
        swap("{% endif %}", "{% endfi %}"),
        swap("{{ first_name }}", "{{ nosuch() }}"),
        swap("{{ first_name }}", "{{ first_name is nosuch }}"),
        swap("{{ first_name }}", "{{ first_name|attr('upper') }}"),
    ],
    "partials/footer.html.j2": [
        swap("{{ unsubscribe_token|urlencode }}", "{{ unsubscribe_token }}"),
        swap("{{ unsubscribe_token|urlencode }}", "{{ unsubscribe_tokn|urlencode }}"),
        swap("{{ unsubscribe_token|urlencode }}", "{{ unsubscribe_token|urlencod }}"),
        swap('href="https://garden-club.example/preferences/', 'href="ftp://garden-club.example/'),
        swap('href="https://garden-club.example/preferences/', 'href="https://'),
        swap('<p style="margin', '<p style="{{ unsubscribe_token }} margin'),
        swap("<p", "<p onclick='{{ unsubscribe_token }}'"),
        swap("<p", "<script>{{ unsubscribe_token }}</script><p"),
        swap("<p", "<{{ unsubscribe_token }}"),
        swap("{{ unsubscribe_token|urlencode }}", "{{ unsubscribe_token|urlencode "),
    ],
    "personas/everything.toml": [
        swap('name = "Everything allowed"\n', ""),
        swap("at = 2026-11-01T09:00:00Z", "at = 2026-11-01T09:00:00"),
        swap("first_name =", "frist_name ="),
        swap("[values]", "[valeus]"),
        swap('event_state = "given"', 'event_state = "gvien"'),
        swap('purposes = ["marketing.communications.email"]', "purposes = []"),
        swap("event_time = 2025-04-11T10:02:00Z", "event_time = 2025-04-11T10:02:00"),
        swap('age_group = "adult"', 'age_group = "old"'),
        swap("record_id =", "recordid ="),
        swap("birth_date = 1958-11-17", "birth_date = 1958-13-17"),
    ],
    "examples/*.toml": [
        swap("claim =", "clam ="),
        swap("template =", "tempalte ="),
        swap('outcome = "send"', 'outcome = "sent"'),
        swap('persona = "', 'persona = "no-'),
        swap('template = "', 'template = "no-'),
        swap("persona =", "person ="),
        add("[contians]\nsubject = []"),
        add("findings = 3"),
        swap('claim = "', "claim = "),
        top('rung = "cellar"'),
    ],
}

CASES = [(file, index) for file, breaks in BREAKS.items() for index in range(len(breaks))]


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """A copy of the garden club's pack."""
    return Path(shutil.copytree(GARDEN, tmp_path / "garden-club"))


def problems_of(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as caught:
        load_pack(root)
    return caught.value.problems


def broken(root: Path, file: str, change: Break) -> tuple[Path, str]:
    path = min(root.glob(file))
    original = path.read_text(encoding="utf-8")
    path.write_text(change(original), encoding="utf-8")
    return path, original


def test_the_pack_is_well_formed_before_it_is_broken(garden: Path) -> None:
    """Otherwise every break below would prove nothing."""
    assert load_pack(garden).name == "garden-club"


@pytest.mark.parametrize("file", sorted(BREAKS))
def test_ten_breaks_of_one_file_give_ten_errors(garden: Path, file: str) -> None:
    """No two breaks are answered alike, and each answer names the place and a remedy."""
    answers = set()
    for change in BREAKS[file]:
        path, original = broken(garden, file, change)
        found = problems_of(garden)
        path.write_text(original, encoding="utf-8")
        assert all(problem.line >= 0 and problem.message for problem in found)
        answers.add(tuple(str(problem) for problem in found))
    assert len(answers) == len(BREAKS[file]) >= 10


@pytest.mark.parametrize(("file", "index"), CASES)
def test_a_break_is_reported_in_its_own_file(garden: Path, file: str, index: int) -> None:
    """The file that was broken is among those that the answer names, with a line."""
    path, _ = broken(garden, file, BREAKS[file][index])
    named = [
        problem
        for problem in problems_of(garden)
        if problem.path == path.relative_to(garden).as_posix()
    ]
    assert named
    assert any(problem.line for problem in named)


@pytest.mark.parametrize(
    "file",
    ["pack.toml", "fields.toml", f"{OFFER}/template.toml", f"{OFFER}/body.txt.j2"],
)
def test_a_missing_file_is_named(garden: Path, file: str) -> None:
    """What every pack needs is asked for by name."""
    (garden / file).unlink()
    assert file in {problem.path for problem in problems_of(garden)}


def test_a_stray_file_is_named_with_what_was_meant(garden: Path) -> None:
    """A misspelt file would otherwise be silently unused."""
    (garden / "product.toml").write_text("")
    assert [(p.path, p.code, p.remedy) for p in problems_of(garden)] == [
        ("product.toml", "GP106", "Did you mean 'products.toml'?")
    ]


def test_a_stray_part_is_named(garden: Path) -> None:
    """A file that the channel has no part for would never be sent."""
    (garden / OFFER / "body.htm.j2").write_text("x")
    assert [p.code for p in problems_of(garden)] == ["GP109"]


def test_all_problems_of_all_files_come_at_once(garden: Path) -> None:
    """One run shows everything that is to be mended."""
    broken(garden, "fields.toml", BREAKS["fields.toml"][0])
    broken(garden, f"{OFFER}/body.html.j2", BREAKS[f"{OFFER}/body.html.j2"][0])
    broken(garden, "personas/everything.toml", BREAKS["personas/everything.toml"][2])
    paths = {problem.path for problem in problems_of(garden)}
    assert {"fields.toml", f"{OFFER}/body.html.j2", "personas/everything.toml"} <= paths


def test_no_such_folder_is_an_error_of_the_same_kind(tmp_path: Path) -> None:
    """A mistyped path is not a traceback."""
    assert [p.code for p in problems_of(tmp_path / "no-pack")] == ["GP101"]


def test_no_error_quotes_a_value_of_a_persona(garden: Path) -> None:
    """Personas are invented, but real data ends up in copies of them."""
    broken(garden, "personas/everything.toml", swap('mood = "weary"', 'moood = "weary-canary"'))
    assert "canary" not in "".join(map(str, problems_of(garden)))
