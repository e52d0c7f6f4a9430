"""The invented recipients are repeatable, distinct, mixed, and nobody's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import make_recipients
import pytest
from hypothesis import given
from hypothesis import strategies as st

SCRIPT = Path(make_recipients.__file__)
AT = make_recipients._moment(make_recipients.DEFAULT_AT)


def _rows(count: int, *, seed: int = 7, share: float = 0.4) -> list[dict[str, Any]]:
    lines = make_recipients.recipients(count, seed=seed, at=AT, consented_share=share)
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Enough recipients for every kind to be among them."""
    return _rows(1500)


def test_a_seed_gives_the_same_rows_in_any_process() -> None:
    """The bytes do not depend on the hash seed or on the count."""
    command = [sys.executable, str(SCRIPT), "--count", "5", "--seed", "11"]
    runs = {
        subprocess.run(  # our own script
            command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(runs) == 1
    assert [json.loads(line) for line in runs.pop().splitlines()] == _rows(7, seed=11)[:5]


def test_another_seed_gives_other_rows() -> None:
    """A seed is of consequence."""
    assert _rows(3, seed=1) != _rows(3, seed=2)


@given(st.sets(st.integers(0, 3_000_000), min_size=2, max_size=20), st.integers(1, 20))
def test_words_are_distinct(indices: set[int], salt: int) -> None:
    """No two recipients share a made-up word, so that a leak has one owner."""
    assert len({make_recipients.word(index, salt) for index in indices}) == len(indices)


@given(st.integers(0, 3_000_000))
def test_long_names_have_sixty_characters(index: int) -> None:
    """The longest name is as long as a greeting takes, to the character."""
    assert len(make_recipients.long_name(index)) == 60


def test_most_values_are_distinct(rows: list[dict[str, Any]]) -> None:
    """What is meant to be traced belongs to one recipient."""
    for name in ("email", "street", "alert_plant", "pet_name", "last_page", "unsubscribe_token"):
        values = [row["profile"].get(name) for row in rows]
        real = [value for value in values if value not in make_recipients.BLANKS]
        assert len(set(map(str, real))) == len(real)


def test_every_kind_of_consent_is_there(rows: list[dict[str, Any]]) -> None:
    """Silence, withdrawal, expiry, objection, age and other people's records are all among them."""
    maker = make_recipients.Maker(7, AT, 0.4)
    kinds = {make_recipients._Row(maker, index).kind for index in range(len(rows))}
    assert kinds == {"all", *make_recipients.OTHER_KINDS}
    states = {r["events"][-1]["event_state"] for row in rows for r in row["consent"]["records"]}
    assert states == {"given", "withdrawn", "refused", "requested"}


def test_the_share_of_those_who_consented_is_kept() -> None:
    """`--consented-share` is the share of members who said yes to everything."""
    for share in (0.0, 0.5, 1.0):
        maker = make_recipients.Maker(7, AT, share)
        kinds = Counter(make_recipients._Row(maker, index).kind for index in range(600))
        assert kinds["all"] / 600 == pytest.approx(share, abs=0.07)


def test_there_are_blanks_scripts_and_harm(rows: list[dict[str, Any]]) -> None:
    """The values are as bad as ten years of imports make them."""
    names = [str(row["profile"].get("first_name")) for row in rows]
    scripts = {unicodedata.name(n[0], "?").split()[0] for n in names if n and not n.isascii()}
    assert {"ARABIC", "CJK", "CYRILLIC", "GREEK", "HANGUL", "HEBREW", "KATAKANA", "THAI"} <= scripts
    assert any(name in {"", "null", "None", "   "} for name in names)
    assert any("first_name" not in row["profile"] for row in rows)
    everything = json.dumps(rows, ensure_ascii=False)
    for harm in ("<script>", "{{ 31337 * 3 }}", "\\r\\nBcc:", "\u202e", "\u200b", "https://"):
        assert harm in everything


def test_numbers_and_addresses_are_reserved(rows: list[dict[str, Any]]) -> None:
    """Nobody can be reached by what is in the file."""
    for row in rows:
        email, phone = row["profile"].get("email"), row["profile"].get("phone")
        assert email in make_recipients.BLANKS or email.endswith("@example.org")
        assert phone in make_recipients.BLANKS or re.fullmatch(r"\+44 7700 900\d{3}", phone)


def test_a_line_is_one_line(rows: list[dict[str, Any]]) -> None:
    """Line separators inside values are written as escapes, so no reader splits a row."""
    lines = list(make_recipients.recipients(400, seed=7, at=AT, consented_share=0.4))
    assert all(line.isascii() and len(line.splitlines()) == 1 for line in lines)
    assert "\\u2028" in "".join(lines)


@pytest.mark.parametrize("arguments", [["--at", "2026-11-01"], ["--consented-share", "2"]])
def test_wrong_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A moment needs a zone and a share lies between 0 and 1."""
    with pytest.raises(SystemExit) as raised:
        make_recipients.main(arguments)
    assert raised.value.code == 2
    assert "usage" in capsys.readouterr().err
