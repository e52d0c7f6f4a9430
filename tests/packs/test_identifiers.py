"""Identifiers and numbers of a pack, from the file to the finding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guardedpersonalize.check import CheckContext, Checker
from guardedpersonalize.check.pii import DeclaredDetector, PatternDetector
from guardedpersonalize.errors import PackError
from guardedpersonalize.packs import load_pack
from guardedpersonalize.render.draft import Draft, PartKind
from guardedpersonalize.vocabulary import Channel

GARDEN = Path(__file__).parents[2] / "examples" / "packs" / "garden-club"
ORDER = """
[reader.identifiers.order]
pattern = "FB-[0-9]{6}"
entity = "ORDER_NUMBER"

[reader.identifiers.plate]
pattern = "[A-Z]{2}[0-9]{2} ?[A-Z]{3}"
entity = "VEHICLE_PLATE"
words = ["plate"]
"""


def garden(tmp_path: Path, more: str) -> Path:
    """Return a copy of the example pack with *more* in its pack.toml."""
    root = tmp_path / "garden-club"
    shutil.copytree(GARDEN, root)
    path = root / "pack.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return root


def test_a_pack_without_identifiers_has_none() -> None:
    """The table is optional."""
    assert load_pack(GARDEN).identifiers == ()


def test_what_a_pack_declares_is_found_and_reported(tmp_path: Path) -> None:
    """By the rules for accounts and vehicles; with detectors of one's own too."""
    pack = load_pack(garden(tmp_path, ORDER))
    checker = Checker(shipped=(PatternDetector(),), identifiers=pack.identifiers)
    text = "Order fb-004512 is in the van with the plate AB12 CDE."
    draft = Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL)
    context = CheckContext(channel=Channel.EMAIL, identity=pack.identity)
    found = [(f.rule, text[f.start : f.end]) for f in checker.check(draft, context).findings]
    assert [one for one in found if one[0].startswith("PII")] == [
        ("PII118", "fb-004512"),
        ("PII115", "AB12 CDE"),
    ]
    assert DeclaredDetector(pack.identifiers).name == "declared"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ('[reader.identifiers.order]\npattern = "FB-("', "GP122"),
        ('[reader.identifiers.order]\npattern = "[0-9]*"', "GP122"),
        ('[reader.identifiers.order]\npattern = "FB-[0-9]+"', "GP124"),
        ('[reader.identifiers.order]\npatern = "FB-[0-9]{6}"', "GP102"),
        ("[reader.identifiers.order]\nwords = []", "GP103"),
        ('[reader.identifiers.order]\npattern = "x"\nentity = "ORDER"', "GP104"),
        ('[reader.identifiers."Order No"]\npattern = "x"', "GP104"),
        ("[reader]\nidentifiers = 3", "GP104"),
    ],
)
def test_a_table_that_cannot_work_is_a_problem_at_its_line(
    tmp_path: Path, table: str, code: str
) -> None:
    """All of them are, with the code that says why."""
    root = garden(tmp_path, f"\n{table}\n")
    with pytest.raises(PackError) as caught:
        load_pack(root)
    problems = [p for p in caught.value.problems if p.path == "pack.toml"]
    assert code in {problem.code for problem in problems}
    lines = (root / "pack.toml").read_text(encoding="utf-8").count("\n")
    assert all(0 < problem.line <= lines for problem in problems)


def test_the_senders_own_numbers_are_its_own(tmp_path: Path) -> None:
    """However they are grouped; others are reported."""
    root = garden(tmp_path, "")
    path = root / "pack.toml"
    source = path.read_text(encoding="utf-8")
    path.write_text(
        source.replace("[sender]", '[sender]\nnumbers = ["GB33 BUKB 2020 1555 5555 55"]', 1),
        encoding="utf-8",
    )
    context = CheckContext(channel=Channel.EMAIL, identity=load_pack(root).identity)
    checker = Checker(shipped=(PatternDetector(),))

    def rules(text: str) -> list[str]:
        draft = Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL)
        return [f.rule for f in checker.check(draft, context).findings if f.family == "pii"]

    assert rules("Pay to GB33BUKB20201555555555.") == []
    assert rules("Pay to DE89370400440532013000.") == ["PII104"]
