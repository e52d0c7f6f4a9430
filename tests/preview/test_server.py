"""The live preview: for this machine alone, whatever is sent to it, and it writes nothing."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
from pathlib import Path

import pytest
from asgi import HOST, ask
from preview_pack import FILES, HOSTILE, write_pack
from typer.testing import CliRunner

from guardedpersonalize import preview
from guardedpersonalize.cli.app import app as command
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import load_pack
from guardedpersonalize.preview.server import Source, listen, make_app

ADA = {"template": "letter", "persona": "ada", "of": "ada"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return Source(write_pack(tmp_path_factory.mktemp("live") / "pebble"))


@pytest.fixture(scope="module")
def app(source: Source):  # type: ignore[no-untyped-def]
    return make_app(source, 8765)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8765"}, {"host": "127.0.0.1"}, {"host": ""},
        {"host": "127.0.0.1:80"}, {"origin": "https://evil.example"}, {"origin": "null"},
        {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"},
        {"origin": "http://localhost:8765"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/version", "/static/live.js"])
def test_requests_from_elsewhere_are_refused(app, path: str, headers: dict[str, str]) -> None:
    """A rebound name, another site's page, another port: none learns anything."""
    answer = ask(app, path, **headers)
    assert (answer.status, answer.text) == (403, "refused\n")


@pytest.mark.parametrize(
    "headers",
    [{}, {"host": "localhost:8765"}, {"origin": f"http://{HOST}", "sec_fetch_site": "same-origin"}],
)
def test_a_page_of_this_machine_is_answered(app, source: Source, headers: dict[str, str]) -> None:
    """By either of its names, with the rules for what the page may do."""
    answer = ask(app, "/version", **headers)
    assert (answer.status, answer.text) == (200, source.version)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"


def test_at_the_usual_port_a_browser_names_no_port(source: Source) -> None:
    """Only there."""
    answer = ask(make_app(source, 80), host="localhost", origin="http://localhost")
    assert answer.status == 200


def test_scripts_and_styles_come_from_files_that_are_listed(app) -> None:
    """Nothing else is given out, and no page has a script of its own."""
    assert ask(app, "/static/live.js").headers["content-type"].startswith("text/javascript")
    for name in ("page.html.j2", "..%2Fserver.py", "nothing"):
        assert ask(app, f"/static/{name}").status == 404
    assert ask(app).text.count("<script") == 1


def test_a_permission_that_is_taken_off_takes_its_text_away(app) -> None:
    """The message comes down to what is still allowed."""
    on = {**ADA, "record0": "c-ada", "record0.on": "on", "record0.channel": "email",
          "record0.permission": "opt_in", "record0.given": "2026-03-01T10:00"}  # fmt: skip
    both = ask(app, form={**on, "record0.pii": ["user.name.first", "user.contact.address.city"]})
    one = ask(app, form={**on, "record0.pii": ["user.name.first"]})
    none = ask(app, form={**ADA, "record0": "c-ada"})
    assert "The shop nearest to" in both.text
    assert "The shop nearest to" not in one.text
    assert "News, <a" in one.text
    assert "o-block" in none.text
    assert "News, <a" not in none.text


def test_two_browsers_do_not_disturb_each_other(app) -> None:
    """What one of them sends is forgotten with the answer."""
    before = ask(app, "/?persona=ada&template=letter").text
    ask(app, form={**ADA, "value.first_name": "Zelda"})
    assert ask(app, "/?persona=ada&template=letter").text == before


def test_hostile_values_stay_text(app) -> None:
    """In the form, in the message and in the frame."""
    answer = ask(app, form={**ADA, "template": "nosy", "value.city": HOSTILE, "at": "<b>x</b>"})
    assert answer.status == 400
    answer = ask(app, form={**ADA, "value.first_name": HOSTILE, "value.city": HOSTILE})
    assert answer.status == 200
    assert "<img src=x" not in answer.text
    assert "onerror=alert(1)&gt;" in answer.text


@pytest.mark.parametrize("form", [{**ADA, "at": "no<b>"}, {**ADA, "at": ""}])
def test_what_makes_no_sense_is_said_on_the_page(app, form: dict[str, str]) -> None:
    """With a code, and nothing of what was sent becomes markup."""
    answer = ask(app, form=form)
    assert answer.status == 400
    assert "GP501" in answer.text
    assert "the date is empty or not a date." in answer.text
    assert "no<b>" not in answer.text


def test_what_is_gone_is_said_on_the_page(app) -> None:
    """The switches are those of the first."""
    answer = ask(app, form={**ADA, "template": "no<b>", "value.city": "one\r\ntwo"})
    assert answer.status == 200
    assert "That template is gone" in answer.text
    assert "no<b>" not in answer.text
    assert 'dir="auto">\none\r\ntwo</textarea>' in answer.text


def test_a_form_of_a_megabyte_is_refused(app) -> None:
    """No form of ours is that long."""
    assert ask(app, body=b"a" * 1_000_001).status == 413


def test_nothing_is_written_to_the_pack(app, source: Source) -> None:
    """Its bytes are what they were."""
    ask(app, form={**ADA, "value.first_name": "Zelda"})
    assert load_pack(source.root).digest == source.engine.pack.digest  # type: ignore[union-attr]
    assert {p.relative_to(source.root).as_posix() for p in source.root.rglob("*.*")} == set(FILES)


def test_a_syntax_error_is_shown_with_its_place_and_mended_by_the_next_save(
    source: Source, tmp_path: Path
) -> None:
    """The switches stay as they are."""
    broken = Source(shutil.copytree(source.root, tmp_path / "pebble"))
    app = make_app(broken, 8765)
    path = broken.root / "templates" / "letter" / "subject.j2"
    path.write_text("{% if first_name %}")
    before = broken.version
    broken.read()
    assert len({before, broken.version, source.version}) == 3  # a new process counts anew
    answer = ask(app, form=ADA)
    assert answer.status == 200
    assert "templates/letter/subject.j2:1" in answer.text
    assert 'name="record0"' in answer.text
    path.write_text(FILES["templates/letter/subject.j2"])
    broken.read()
    assert "News, <a" in ask(app, form=ADA).text


def test_a_persona_that_is_wrong_is_named_without_its_values(tmp_path: Path) -> None:
    """Also where the pack could never be read."""
    root = write_pack(tmp_path / "pebble")
    (root / "personas" / "ada.toml").write_text('name = "A"\nat = "secret-99"\n')
    answer = ask(make_app(Source(root), 8765))
    assert answer.status == 200
    assert "personas/ada.toml:2" in answer.text
    assert "secret-99" not in answer.text


def test_a_saved_file_is_noticed(source: Source, tmp_path: Path) -> None:
    """Without a browser asking for it, and also after the folder was away."""
    watched = Source(shutil.copytree(source.root, tmp_path / "pebble"))

    async def save() -> None:
        task = asyncio.create_task(watched.watch())
        await until_read("# saved")
        shutil.move(watched.root, tmp_path / "away")
        await until(has_problems=True)
        shutil.move(tmp_path / "away", watched.root)
        await until(has_problems=False)
        shutil.rmtree(watched.root)
        write_pack(watched.root)
        for number in range(3):  # what is left of the old watch tells of one change, or two
            await until_read(f"# saved again, {number}")
        task.cancel()

    async def until(*, has_problems: bool) -> None:
        while bool(watched.problems) is not has_problems:  # noqa: ASYNC110  # no event tells of it
            await asyncio.sleep(0.1)

    async def until_read(words: str) -> None:
        before = watched.version
        while watched.version == before:
            (watched.root / "pack.toml").write_text(f"{FILES['pack.toml']}\n{words}\n")
            await asyncio.sleep(0.2)

    asyncio.run(asyncio.wait_for(save(), 60))
    assert watched.problems == ()


def test_a_port_that_is_taken_is_told_with_the_next_free_one() -> None:
    """Before anything is loaded."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} is taken\. Port \d+ is free"):
            listen(port)


def test_it_listens_on_this_machine_alone() -> None:
    """No other interface is bound."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    with listen(port) as made:
        assert made.getsockname() == ("127.0.0.1", port)


@pytest.mark.parametrize(
    "args",
    [("no-such-pack", "--serve"), (".", "letter", "--serve"), (".", "--serve", "--port", "0")],
)
def test_wrong_use_of_the_command_ends_with_status_2(args: tuple[str, ...]) -> None:
    """`--serve` takes a pack that is there, and goes with --port alone."""
    assert CliRunner().invoke(command, ["preview", *args]).exit_code == 2


def test_without_its_libraries_the_command_says_what_to_install(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are an extra."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "guardedpersonalize.preview.server")
    monkeypatch.delattr(preview, "server")
    done = CliRunner().invoke(command, ["preview", str(source.root), "--serve"])
    assert done.exit_code == 2
    assert "Install guardedpersonalize[serve]." in done.stderr


def test_what_fails_otherwise_is_kept_until_the_next_save(source: Source, tmp_path: Path) -> None:
    """Such as a folder that is gone while it is read."""
    gone = Source(shutil.copytree(source.root, tmp_path / "pebble"))
    shutil.rmtree(gone.root)
    gone.read()
    assert gone.problems
    assert gone.engine is not None
