"""The audit finds what is planted, and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import verify_output

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MailRun

Row = dict[str, Any]


def _is_sent(_: Row, out: Row) -> bool:
    return out["message"] is not None


def _has(*names: str) -> Callable[[Row, Row], bool]:
    """Tell whether a message was sent to somebody with plain values of these fields."""

    def fits(row: Row, out: Row) -> bool:
        values = [str(row["profile"].get(name, "")) for name in names]
        return _is_sent(row, out) and all(
            re.fullmatch(r"[A-Za-z0-9@.+ :;-]{6,60}", value) for value in values
        )

    return fits


def _counted(capsys: pytest.CaptureFixture[str], sentence: str) -> int:
    found = re.search(rf"^{sentence}: (\d+)$", capsys.readouterr().out, re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_an_honest_run_passes(
    mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is found where nothing was planted, and the audit shows that it can see."""
    assert mail_run.audit(tmp_path) == 0
    text = capsys.readouterr().out
    assert "values not allowed found in messages: 0" in text
    assert not re.search(r"seen there \(so the audit can see\): 0$", text, re.MULTILINE)


PLANTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "as it is": ("last_name", lambda v: v),
    "in capitals": ("last_name", str.upper),
    "as entities": ("last_name", lambda v: "".join(f"&#x{ord(c):x};" for c in v)),
    "split by tags": ("last_name", lambda v: f"{v[:2]}<b>{v[2:]}</b>"),
    "split by invisible characters": ("last_name", lambda v: f"{v[:2]}\u200b{v[2:]}"),
    "in full width": ("last_name", lambda v: "".join(chr(ord(c) + 0xFEE0) for c in v)),
    "in a comment": ("last_name", lambda v: f"<!-- {v} -->"),
    "in a link": (
        "email",
        lambda v: f'<a href="https://garden-club.example/?e={quote(v, safe="")}">',
    ),
    "hashed": ("email", lambda v: hashlib.sha256(v.encode()).hexdigest()),
    "local part": ("email", lambda v: v.partition("@")[0]),
    "without spaces": ("phone", lambda v: v.replace(" ", "")),
    "in national format": ("phone", lambda v: v.replace("+44 ", "0").replace(" ", "-")),
    "exact postcode": ("postcode", lambda v: v),
    "squeezed postcode": ("postcode", lambda v: v.replace(" ", "").lower()),
    "outward postcode": ("postcode", lambda v: v.partition(" ")[0]),
    "street": ("street", lambda v: v),
    "words of a note": ("allergy_note", lambda v: " ".join(v.split()[-4:-1])),
    "a stock number": ("last_order_sku", lambda v: v),
    "an amount": ("spend_this_year", lambda v: f"£{float(v):,.2f}"),
    "year of birth": ("birth_date", lambda v: v[:4]),
    "date of birth": ("birth_date", lambda v: f"{int(v[8:])}/{int(v[5:7])}/{v[:4]}"),
}


@pytest.mark.parametrize(("name", "spelling"), PLANTS.values(), ids=PLANTS)
def test_a_value_in_any_spelling_is_found(
    name: str,
    spelling: Callable[[str], str],
    mail_run: MailRun,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A value that may not appear is found, however it is written."""
    line = mail_run.first(_has(name))
    planted = spelling(mail_run.rows[line]["profile"][name])
    mail_run.out[line]["message"]["html"] += f" {planted} "
    assert mail_run.audit(tmp_path) == 1
    assert _counted(capsys, "values not allowed found in messages") >= 1


def test_a_birth_date_is_found_where_its_month_is_allowed(
    mail_run: MailRun, tmp_path: Path
) -> None:
    """The allowed month inside of it does not excuse the day before it."""
    line = mail_run.first(_has("birth_date"))
    mail_run.rows[line]["profile"]["birth_date"] = "1961-04-14"
    mail_run.out[line]["message"]["text"] += " 14 April "
    assert mail_run.audit(tmp_path) == 1


def test_a_name_that_was_not_allowed_is_found(mail_run: MailRun, tmp_path: Path) -> None:
    """A first name needs leave of its own, though the letter may go out."""
    line = mail_run.first(
        lambda row, out: (
            _is_sent(row, out) and row["consent"]["records"][0]["pii_information"] == []
        )
    )
    mail_run.rows[line]["profile"]["first_name"] = "Zebedee"
    mail_run.out[line]["message"]["text"] += "Dear Zebedee"
    assert mail_run.audit(tmp_path) == 1


def test_another_recipients_value_is_found(
    mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A word that belongs to one recipient alone is found in another one's message."""
    line = mail_run.first(_is_sent)
    other = mail_run.first(
        lambda row, out: row is not mail_run.rows[line] and _has("last_name")(row, out)
    )
    mail_run.out[line]["message"]["text"] += f" {mail_run.rows[other]['profile']['last_name']}"
    assert mail_run.audit(tmp_path) == 1
    assert _counted(capsys, "other recipients' values found in messages") == 1


@pytest.mark.parametrize("name", ["first_name", "last_name", "email", "postcode", "recipient_id"])
def test_a_value_in_a_record_is_found(
    name: str, mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record holds no value at all, not even an allowed one, and not the recipient's id."""
    line = mail_run.first(_has("first_name", "last_name", "email", "postcode"))
    row = mail_run.rows[line]
    value = row["recipient_id"] if name == "recipient_id" else row["profile"][name]
    mail_run.records[line]["slots"][0]["level"] = value
    assert mail_run.audit(tmp_path) == 1
    assert _counted(capsys, "values found in records") >= 1


def test_a_word_of_the_copy_is_no_leak(mail_run: MailRun, tmp_path: Path) -> None:
    """Somebody who is called April gets a letter that speaks of April."""
    line = mail_run.first(lambda row, out: _is_sent(row, out) and "April" in out["message"]["html"])
    mail_run.rows[line]["profile"]["last_name"] = "April"
    assert mail_run.audit(tmp_path) == 0


def test_a_word_of_the_copy_once_too_often_is_a_leak(mail_run: MailRun, tmp_path: Path) -> None:
    """One more April than the copy has is the recipient's own."""
    line = mail_run.first(_is_sent)
    mail_run.rows[line]["profile"]["last_name"] = "April"
    message = mail_run.out[line]["message"]
    usual = sum(text.count("April") for text in message.values())
    message["text"] += " April" * (usual + 1)
    assert mail_run.audit(tmp_path) == 1


def test_a_message_without_leave_to_send_is_found(
    mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody without a record, or who withdrew, gets nothing."""
    line = mail_run.first(lambda _, out: not out["message"])
    mail_run.out[line] |= {"outcome": "send", "message": {"subject": "Spring"}}
    mail_run.records[line]["outcome"] = "send"
    assert mail_run.audit(tmp_path) == 1
    assert _counted(capsys, "messages to people who may not be written to") == 1


BREAK_OUTS = {
    "line break in a header": ("subject", "Spring\nBcc: everyone@example.org"),
    "bidi override": ("text", "\u202eSpring"),
    "control character": ("html", "Spring\x00"),
    "template code that was run": ("text", "94011"),
    "live markup": ("html", "<i>Zeb</i>"),
}


@pytest.mark.parametrize(("part", "text"), BREAK_OUTS.values(), ids=BREAK_OUTS)
def test_a_value_that_breaks_out_is_found(
    part: str, text: str, mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a value holds stays text inside its place."""
    line = mail_run.first(_is_sent)
    mail_run.rows[line]["profile"]["last_name"] = "<i>Zeb</i>"
    mail_run.rows[line]["profile"]["pet_name"] = "{{ 31337 * 3 }}"
    mail_run.out[line]["message"][part] += text
    assert mail_run.audit(tmp_path) == 1
    assert _counted(capsys, "values that broke out of their slot") == 1


TAMPERINGS: dict[str, Callable[[Any], object]] = {
    "another recipient": lambda run: run.out[0].update(id="gc-9999999"),
    "another message": lambda run: run.records[0].update(message_id="0"),
    "another outcome": lambda run: run.records[0].update(outcome="review"),
    "a record too few": lambda run: run.records.pop(),
    "a message too few": lambda run: run.out.pop(),
    "a recipient too few": lambda run: run.rows.pop(),
    "swapped lines": lambda run: run.out.reverse(),
}


@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=TAMPERINGS)
def test_files_that_are_out_of_step_fail(
    tamper: Callable[[MailRun], object],
    mail_run: MailRun,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A value can be judged only if it is known whose message it stands in."""
    tamper(mail_run)
    assert mail_run.audit(tmp_path) == 1
    assert _counted(capsys, "lines whose ids or outcomes do not match") >= 1


def test_nothing_to_check_fails(mail_run: MailRun, tmp_path: Path) -> None:
    """An empty run proves nothing."""
    mail_run.rows, mail_run.out, mail_run.records = [], [], []
    assert mail_run.audit(tmp_path) == 1


def test_a_run_that_sends_nothing_fails(mail_run: MailRun, tmp_path: Path) -> None:
    """A run that blocks everybody proves nothing either."""
    for out, record in zip(mail_run.out, mail_run.records, strict=True):
        out |= {"outcome": "block", "message": None}
        record |= {"outcome": "block"}
    assert mail_run.audit(tmp_path) == 1


def test_an_audit_that_cannot_see_fails(mail_run: MailRun, tmp_path: Path) -> None:
    """If no allowed value is ever seen, finding no other one means nothing."""
    for out in mail_run.out:
        if out["message"]:
            out["message"] = {"text": "…"}
    assert mail_run.audit(tmp_path) == 1


def test_a_broken_file_is_reported_without_its_text(
    mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that is no JSON ends the audit with status 2, and is not quoted."""
    mail_run.audit(tmp_path)
    (tmp_path / "out.jsonl").write_text('{"id": "Secret Name"\n', encoding="utf-8")
    names = [str(tmp_path / name) for name in ("r.jsonl", "out.jsonl", "records.jsonl")]
    assert verify_output.main(names) == 2
    assert "Secret" not in capsys.readouterr().err


def test_the_report_quotes_no_value(
    mail_run: MailRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The guard's guard is not the leak: places are lines and fields."""
    line = mail_run.first(_has("last_name"))
    name = mail_run.rows[line]["profile"]["last_name"]
    mail_run.out[line]["message"]["text"] += name
    mail_run.records[line]["note"] = name
    mail_run.audit(tmp_path)
    assert name.casefold() not in capsys.readouterr().out.casefold()
