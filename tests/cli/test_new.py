"""`new`: with and without somebody to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guardedpersonalize.cli.app import app
from guardedpersonalize.packs import load_pack


def new(*args: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["new", *args], input=stdin)


def test_in_a_script_what_is_not_given_is_invented(tmp_path: Path) -> None:
    """One flag is enough; what was invented is listed."""
    done = new(str(tmp_path / "My pack_1"), "--channel", "ads")
    assert done.exit_code == 0
    assert "invented, put your own: My Pack 1" in done.stdout
    assert load_pack(tmp_path / "My pack_1").name == "my-pack-1"


def test_at_a_terminal_the_rest_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Channel and sender; the address that is given on the line is not; Enter takes the offer."""
    monkeypatch.setattr("guardedpersonalize.cli.new.is_typed", lambda: True)
    address = ("--postal-address", "1 Quay, Port Example")
    done = new(str(tmp_path / "new"), *address, stdin="email\nFern Club\nfern.example\n\n")
    identity = load_pack(tmp_path / "new").identity
    assert done.exit_code == 0, done.output
    assert (identity.name, identity.emails) == ("Fern Club", ("hello@fern.example",))
    assert identity.link_domains == ("fern.example",)
    assert done.stdout.count("?") == 2


def test_a_folder_lends_its_name_or_one_is_asked_for(tmp_path: Path) -> None:
    """Accents go; where letters would be lost, a name has to be given."""
    done = new(str(tmp_path / "Müller & Söhne"), "--channel", "sms")
    assert "invented, put your own: Muller Sohne" in done.stdout
    assert f"Next: guardedpersonalize lint '{tmp_path}/Müller & Söhne'" in done.stdout
    for folder in ("2027-news", "日本", "blåbær"):
        done = new(str(tmp_path / folder), "--channel", "sms")
        assert (done.exit_code, "--name" in done.stderr) == (2, True)


def test_the_folder_one_stands_in_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it is empty; and it stays the same folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert new(".", "--channel", "sms").exit_code == 0
    assert load_pack(Path()).name == "here"
    assert list(tmp_path.iterdir()) == [tmp_path / "here"]


@pytest.mark.parametrize(
    "args", [(), ("--channel", "pigeon"), ("--channel", "sms", "--name", "A B")]
)
def test_wrong_use_writes_nothing(tmp_path: Path, args: tuple[str, ...]) -> None:
    """A script has to say the channel, and names have to be names."""
    assert new(str(tmp_path / "new"), *args).exit_code == 2
    assert list(tmp_path.iterdir()) == []
