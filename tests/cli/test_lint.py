"""`lint --fix`, `allow`, and the hook that runs before a commit."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guardedpersonalize.check import Finding
from guardedpersonalize.cli.allow import _demand_found
from guardedpersonalize.cli.app import app
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.packs.scaffold import Blueprint, scaffold
from guardedpersonalize.vocabulary import Channel, Family, Severity

ROOT = Path(__file__).parents[2]
BODY = "templates/news/body.j2"
LATER = ("--because", "we mean it", "--until", "2999-01-31")


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return the folder of a small pack whose text has a space before a comma."""
    scaffold(tmp_path / "p", Blueprint("my-pack", Channel.SMS))
    path = tmp_path / "p" / BODY
    path.write_text(path.read_text().replace("is out.", "is out , as ever."))
    for persona in ("no-data", "nothing", "withdrew"):
        (tmp_path / "p" / "personas" / f"{persona}.toml").unlink()
        (tmp_path / "p" / "examples" / f"news-{persona}.toml").unlink()
    return tmp_path / "p"


def test_fix_mends_what_has_one_mend_and_reports_the_rest(pack: Path) -> None:
    """One mend may bring another to light; what is left decides the status."""
    manifest = pack / "pack.toml"
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())
    (pack / "allow.toml").write_text(
        '[[allow]]\nrule = "INT101"\nwhere = "x.j2"\nbecause = "x"\nuntil = 2999-01-01\n'
    )
    done = run("lint", pack, "--fix", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, []), done.output
    assert [line.split(": ")[-1] for line in done.stderr.splitlines()] == [
        "took out the byte order mark.",
        "took out a space.",
        "took out an allowance.",
    ]
    assert "is out, as ever." in (pack / BODY).read_text()
    assert (pack / "allow.toml").read_text() == ""


def test_a_sentence_that_no_persona_gets_is_told_with_its_line(pack: Path) -> None:
    """And so is, beside the report, that there are more ways through a template than are read."""
    body = pack / BODY
    text = body.read_text().replace("is out , as", "is out, as")
    body.write_text(f"{text}{{% if topic == 'teapots' %}}\nWe noticed you there.{{% endif %}}")
    done = run("lint", pack)
    line = len(text.splitlines()) + 1
    assert f"{BODY}:{line}: error [INT201]" in done.stdout
    assert (done.exit_code, done.stderr) == (1, "")
    many = "".join(f"{{% if topic == '{n}' %}}No. {n}. {{% endif %}}" for n in range(70))
    body.write_text(many + text)
    said = run("lint", pack).stderr
    assert said.startswith(f"{pack}/templates/news: 64 ways through it were read; others ")


def test_a_finding_is_accepted_with_a_reason_and_a_day(pack: Path) -> None:
    """The place may be pasted from what `lint` prints; a file of a pack stands for the pack."""
    assert "HYG108" in run("lint", pack / BODY).stdout
    assert run("allow", pack, "HYG108", f"{pack}/{BODY}:1", *LATER).exit_code == 0
    said = (pack / "allow.toml").read_text()
    assert said.endswith(
        f'[[allow]]\nrule = "HYG108"\nwhere = "{BODY}:1"\n'
        'because = "we mean it"\nuntil = 2999-01-31\n'
    )
    assert "no problems" in run("lint", pack, pack / BODY).stdout
    assert run("allow", pack, "HYG108", f"{BODY}:1", *LATER).exit_code == 2
    assert (pack / "allow.toml").read_text() == said


def test_fix_leaves_what_is_accepted_and_what_it_cannot_read(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An allowance stays, and so does its place; while a template fails none is called idle."""
    run("allow", pack, "HYG108", f"{BODY}:1", *LATER)
    body, allowed = pack / BODY, (pack / "allow.toml").read_bytes()
    sound = body.read_text()
    assert run("lint", pack, "--fix").exit_code == 0
    assert body.read_text() == sound
    body.write_text("{% set n = 10 // (topic|length) %}" + sound.replace("is out ,", "is out,"))
    monkeypatch.chdir(body.parent)
    done = run("lint", body.name, "--fix")
    assert ("GP330" in done.stdout, "GP111" in done.output) == (True, False)
    assert (pack / "allow.toml").read_bytes() == allowed


def test_an_allowance_that_ran_out_is_renewed(pack: Path) -> None:
    """The new one takes its place; the ends of lines stay."""
    old = f'# why\r\n[[allow]]\r\nrule = "HYG108"\r\nwhere = "{BODY}:1"\r\nbecause = "x"\r\n'
    (pack / "allow.toml").write_bytes(f"{old}until = 2020-01-01\r\n".encode())
    assert run("allow", pack, "HYG108", f"{BODY}:1", *LATER).exit_code == 0
    said = (pack / "allow.toml").read_bytes().decode()
    assert said.count("[[allow]]") == 1
    assert "\n" not in said.replace("\r\n", "")
    assert "no problems" in run("lint", pack).stdout


@pytest.mark.parametrize(
    ("file", "because"), [("", "a\x7fb"), ("", "a\udcffb"), ("", "a" * 2001), ("allow = []\n", "x")]
)
def test_allow_leaves_no_file_that_cannot_be_read(pack: Path, file: str, because: str) -> None:
    """What TOML has no place for is refused, and the file stays as it was."""
    (pack / "allow.toml").write_text(file)
    done = run("allow", pack, "HYG108", f"{BODY}:1", "--because", because, "--until", "2999-01-31")
    assert (done.exit_code, "GP501" in done.output) == (2, True)
    assert (pack / "allow.toml").read_text() == file


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("HYG108", f"{BODY}:9", *LATER), f"found at: {BODY}:1"),
        (("INT101", BODY, *LATER), "not found there"),
        (("HYG108", f"{BODY}:{'1' * 5000}", *LATER), "not found there"),
        (("HYG108", BODY, "--because", " ", "--until", "2999-01-31"), "--because"),
        (("HYG108", BODY, "--because", "x", "--until", "2020-01-31"), "--until"),
        (("HYG108", BODY, "--because", "x", "--until", "soon"), "--until"),
        (("HYG108", BODY), "because"),
    ],
)
def test_what_lint_would_report_at_once_is_not_accepted(
    pack: Path, args: tuple[str, ...], says: str
) -> None:
    """Nothing is there, no reason, no day to come: nothing is written."""
    done = run("allow", pack, *args)
    assert done.exit_code == 2
    assert says in done.output
    assert not (pack / "allow.toml").exists()


def test_what_can_never_be_accepted_is_refused() -> None:
    """An echo of a withheld value stays a finding, whatever allow.toml says."""
    echo = Finding(
        "ECH101", Family.ECHO, "", Severity.ERROR, "text", 0, 1, "x", template=BODY, line=1
    )
    with pytest.raises(UsageError, match="cannot be accepted"):
        _demand_found(Allowed("ECH101", BODY, 1, "x", date.max), (echo,))


def test_the_hook_sees_the_files_of_packs_and_no_others() -> None:
    """The expression of the hook fits every file that a pack is read from."""
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    (files,) = re.findall(r"(?m)^  files: '(.*)'$", hook)
    found = [*ROOT.glob("examples/packs/**/*.j2"), *ROOT.glob("examples/packs/**/*.toml")]
    ours = [path.relative_to(ROOT).as_posix() for path in found]
    assert len(ours) > 100
    assert [path for path in ours if not re.search(files, path)] == []
    assert not any(re.search(files, path) for path in ("pyproject.toml", "src/a.py", "x.toml"))


def test_the_hook_runs_a_command_that_is_there() -> None:
    """With the options that it names."""
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    (entry,) = re.findall(r"(?m)^  entry: guardedpersonalize (.*)$", hook)
    assert run(*entry.split(), "no-such-pack").exit_code == 1
