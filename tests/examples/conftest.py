"""The example scripts on the path, and an honest mail run for the audit to read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

EXAMPLES = Path(__file__).parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))

import audit_consent  # noqa: E402
import make_recipients  # noqa: E402
import verify_output  # noqa: E402

AT = audit_consent.moment(make_recipients.DEFAULT_AT)
PACK = EXAMPLES / "packs" / "garden-club"
PARTS = {"subject": "subject.j2", "text": "body.txt.j2", "html": "body.html.j2"}


def bare_environment(pack: Path) -> ImmutableSandboxedEnvironment:
    """Return a plain Jinja environment for the templates of *pack*: no engine of ours in it."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(pack),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and name.endswith(".html.j2"),
    )


class HonestRun:
    """Messages as a trustworthy engine would write them, made in the simplest way."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.pack = audit_consent.Pack(PACK)
        self.judge = audit_consent.Judge(self.pack, template, AT)
        self.environment = bare_environment(PACK)

    def line(self, row: dict[str, Any], number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the output and the record for one recipient."""
        person = audit_consent.Recipient.read(row)
        sends = self.judge.may_send(person)
        shared = {
            "message_id": f"{number:032x}",
            "template": self.template,
            "outcome": "send" if sends else "block",
            "rung": "as_written" if sends else "block",
        }
        message = self._message(person) if sends else None
        record = {**shared, "slots": [{"slot": "first_name", "reason": "allowed"}]}
        return {"id": person.id, **shared, "message": message, "obligations": []}, record

    def _message(self, person: audit_consent.Recipient) -> dict[str, str]:
        allowed = self.judge.allowed(person)
        slots = self.pack.manifest(self.template)["slots"]
        values = {
            name: self._value(person, slot, allowed.get(slot["field"]))
            for name, slot in slots.items()
        }
        return {
            part: self.environment.get_template(f"templates/{self.template}/{file}").render(values)
            for part, file in PARTS.items()
        }

    def _value(
        self, person: audit_consent.Recipient, slot: dict[str, Any], level: str | None
    ) -> object:
        raw = person.values.get(slot["field"])
        if level is None or audit_consent.is_blank(raw):
            return [] if slot.get("type") == "list" else ""
        if slot.get("type") == "date":
            return date.fromisoformat(str(raw))
        if slot.get("type") == "bool":
            return True
        if level != "exact":
            forms = dict(self.pack.levels(slot["field"], raw)).get(level) or [""]
            return forms[0].title()
        items = raw if isinstance(raw, list) else [raw]
        tame = [item for item in items if _is_tame(str(item))]
        return tame if slot.get("type") == "list" else (tame[0] if tame else "")


def _is_tame(text: str) -> bool:
    return text.isprintable() and len(text) <= 60 and "://" not in text and "www." not in text


@dataclass
class MailRun:
    """Three files of a mail run, in memory and to be tampered with."""

    rows: list[dict[str, Any]]
    out: list[dict[str, Any]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)

    def first(self, fits: Callable[[dict[str, Any], dict[str, Any]], bool]) -> int:
        """Return the number of the first line whose row and output fit."""
        return next(
            i for i, (r, o) in enumerate(zip(self.rows, self.out, strict=True)) if fits(r, o)
        )

    def audit(self, folder: Path) -> int:
        """Write the files to *folder* and return the exit status of the audit."""
        names = ("r.jsonl", "out.jsonl", "records.jsonl")
        for name, rows in zip(names, (self.rows, self.out, self.records), strict=True):
            write_lines(folder / name, rows)
        return verify_output.main([str(folder / name) for name in names])


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write JSON lines."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="session")
def rows_text() -> list[str]:
    """Recipients of one seed, as lines of JSON."""
    return list(make_recipients.recipients(70, seed=7, at=AT, consented_share=0.4))


@pytest.fixture(scope="session")
def honest_lines(rows_text: list[str]) -> list[tuple[str, str]]:
    """An honest output and record for each recipient, as JSON."""
    run = HonestRun("spring-offer")
    lines = [run.line(json.loads(text), number) for number, text in enumerate(rows_text)]
    return [(json.dumps(out), json.dumps(record)) for out, record in lines]


@pytest.fixture
def mail_run(rows_text: list[str], honest_lines: list[tuple[str, str]]) -> MailRun:
    """A fresh copy of an honest run."""
    run = MailRun([json.loads(text) for text in rows_text])
    run.out = [json.loads(out) for out, _ in honest_lines]
    run.records = [json.loads(record) for _, record in honest_lines]
    return run
