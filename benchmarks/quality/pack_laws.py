"""
What a pack's own generated laws are worth: faults are planted one at a time, and should be seen.

    python benchmarks/quality/pack_laws.py [--only WORDS]

Each fault is planted in a copy, of the package or of an example pack; the copy's own `test` command
then holds one template to all laws, without examples and snapshots. The first four are what nobody
may get past; the others tell how fine the net is. Prints which law sees each, and PASS or FAIL.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "examples" / "packs"
REQUIRED = 4
ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One fault.

    Args:
        name: What is gone.
        template: The template that is held to the laws, with its pack: "garden-club/welcome".
        file: Where it is planted, below `src` or below the pack.
        before: What stands there, once at least.
        after: What stands there then.
    """

    name: str
    template: str
    file: str
    before: str
    after: str

    @property
    def is_of_engine(self) -> bool:
        """True where the package is spoilt, and not the pack."""
        return self.file.startswith("guardedpersonalize/")


ENGINE = "guardedpersonalize"
WELCOME, HOURS, CITY = "garden-club/welcome", "harbour-bank/branch-hours", "trail-shoes/city-store"
SPRING, RATE = "garden-club/spring-offer", "harbour-bank/savings-rate"
BODY = "templates/welcome/body"

FAULTS = (
    Fault(
        "a consent check: a record covers fields that it does not name",
        WELCOME,
        f"{ENGINE}/consent/readings.py",
        "            return _beside_field(reading, asked)",
        "            pass",
    ),
    Fault(
        "a fallback: a greeting without its condition",
        WELCOME,
        f"{BODY}.txt.j2",
        "Hello{% if first_name %} {{ first_name }}{% endif %},",
        "Hello {{ first_name }},",
    ),
    Fault(
        "an escape filter: HTML parts are not escaped",
        WELCOME,
        f"{ENGINE}/render/environment.py",
        "undefined=StrictUndefined, autoescape=is_html,",
        "undefined=StrictUndefined, autoescape=False,",
    ),
    Fault(
        "the opt-out line of a text message",
        HOURS,
        "templates/branch-hours/body.j2",
        " Reply STOP to opt out.",
        "",
    ),
    Fault(
        "the end of a consent: it never expires",
        WELCOME,
        f"{ENGINE}/consent/record.py",
        "return length is not None and now >= length.after(self.events[index].event_time)",
        "return False",
    ),
    Fault(
        "a withdrawal",
        WELCOME,
        f"{ENGINE}/consent/record.py",
        "        ended = STATE_REASONS.get(self.events[last].event_state)",
        "        ended = None",
    ),
    Fault(
        "an objection to direct marketing",
        WELCOME,
        f"{ENGINE}/consent/permission.py",
        "    return is_reached and objects(consent, Objection.DIRECT_MARKETING, question)",
        "    return False",
    ),
    Fault(
        "an objection to profiling",
        WELCOME,
        f"{ENGINE}/consent/grant.py",
        "    if not is_spared and objects(consent, Objection.PROFILING, question):",
        "    if False:",
    ),
    Fault(
        "a channel that somebody closed",
        HOURS,
        f"{ENGINE}/consent/permission.py",
        "    if use.channel in consent.do_not_contact:",
        "    if False:",
    ),
    Fault(
        "a guardian for a child",
        WELCOME,
        f"{ENGINE}/consent/readings.py",
        "        if guard is not None and reading.record.guardian is None:",
        "        if False:",
    ),
    Fault(
        "the age of a value",
        WELCOME,
        f"{ENGINE}/consent/grant.py",
        "    return Reason.STALE_VALUE if question.at - observed > asked.max_age else None",
        "    return None",
    ),
    Fault(
        "the grant, when slots are filled",
        WELCOME,
        f"{ENGINE}/minimise/handling.py",
        "reason = ladder if answer.is_allowed else answer.reason",
        "reason, answer = ladder, FieldAnswer(Verdict.ALLOWED, 'exact', answer.reason)",
    ),
    Fault(
        "the level that a slot asks for",
        SPRING,
        f"{ENGINE}/minimise/spec.py",
        "        ranks={level: max(rank, asked) for rank, level in enumerate(levels)},",
        "        ranks={level: rank for rank, level in enumerate(levels)},",
    ),
    Fault(
        "the length that a slot allows",
        CITY,
        f"{ENGINE}/minimise/fill.py",
        "    return text if len(text) <= planned.spec.max_length else SlotReason.TOO_LONG",
        "    return text",
    ),
    Fault(
        "control and direction marks: they are let through",
        WELCOME,
        f"{ENGINE}/minimise/fill.py",
        "    if is_unsafe(text) or (has_link(text) and not is_link):",
        "    if False:",
    ),
    Fault(
        "customers in difficulty: they are sold to",
        RATE,
        f"{ENGINE}/engine/message.py",
        "        if self._is_vulnerable():",
        "        if False:",
    ),
    Fault(
        "the ladder's care for echoes",
        WELCOME,
        f"{ENGINE}/engine/ladder.py",
        "    return any(finding.family is Family.ECHO for finding in findings)",
        "    return False",
    ),
    Fault(
        "the words for somebody without a branch",
        HOURS,
        "templates/branch-hours/body.j2",
        "{% else %}every branch{% endif %}",
        "{% endif %}",
    ),
    Fault(
        "room in a headline",
        CITY,
        "templates/city-store/headline-1.j2",
        "Shoe fitting days{% if city %} in",
        "Days for fitting shoes{% if city %} in",
    ),
    Fault(
        "a branch that can be reached",
        SPRING,
        "templates/spring-offer/body.txt.j2",
        "{% if tier %}",
        "{% if tier and not tier %}",
    ),
    Fault(
        "tact, where nothing is known",
        SPRING,
        "templates/spring-offer/body.txt.j2",
        "{% else %}The planting calendar has an edition for every region:",
        "{% else %}We noticed that you looked at the planting calendar:",
    ),
    Fault(
        "the sender's postal address",
        WELCOME,
        "partials/footer.txt.j2",
        "Fernbrook Garden Club, The Old Nursery, 12 Orchard Lane, Fernbrook FB4 2GC\n",
        "",
    ),
    Fault(
        "the items of a list",
        WELCOME,
        f"{BODY}.txt.j2",
        '{% if interests %}On the joining form you ticked: {{ interests|join(", ") }}. Those',
        '{% if True %}On the joining form you ticked: {{ interests|join(", ") }}. Those',
    ),
)


def copy_of(source: Path, place: Path, spoilt: str, fault: Fault) -> Path:
    """Copy *source* into *place* as links, with *fault* planted in the file *spoilt*; return it."""
    shutil.copytree(
        source, place, copy_function=os.symlink, ignore=shutil.ignore_patterns("__pycache__")
    )
    path = place / spoilt
    text = path.read_text(encoding="utf-8")
    if fault.before not in text:
        raise SystemExit(f"{fault.file} no longer has what the fault {fault.name!r} takes away")
    path.unlink()
    path.write_text(text.replace(fault.before, fault.after), encoding="utf-8")
    return place


def seen_by(fault: Fault, folder: Path) -> list[str]:
    """Return the laws that see *fault*; ["nothing"] if none does, or what else went wrong."""
    pack, _, template = fault.template.partition("/")
    source, root = ROOT / "src", PACKS / pack
    if fault.is_of_engine:
        source = copy_of(source, folder / "src", fault.file, fault)
    else:
        root = copy_of(root, folder / pack, fault.file, fault)
    command = [sys.executable, "-m", "guardedpersonalize", "test", str(root)]
    done = subprocess.run(
        [*command, "--only", f"{template}: "],
        env={**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    laws = re.findall(rf"^_+ \S+: {template}: (\w+) _+$", done.stdout, re.MULTILINE)
    if done.returncode == 2 or (done.returncode and not laws):
        return ["no law: the pack is refused before they are tried"]
    return laws or ["nothing"]


def main(argv: Sequence[str] | None = None) -> int:
    """Print what sees each fault; return 1 unless the first four and enough others are seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--only", default="", help="faults with these words in their name")
    wanted = parser.parse_args(argv).only
    scores = {True: [0, 0], False: [0, 0]}
    for number, fault in enumerate(FAULTS):
        if wanted not in fault.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            laws = seen_by(fault, Path(folder))
        is_seen = not laws[0].startswith(("no law", "nothing"))
        score = scores[number < REQUIRED]
        score[0] += is_seen
        score[1] += 1
        print(f"{'seen  ' if is_seen else 'UNSEEN'}  {fault.name}: {', '.join(laws)}", flush=True)
    (first, of_first), (others, of_others) = scores[True], scores[False]
    print(f"{first} of {of_first} that must be seen, {others} of {of_others} others")
    is_enough = first == of_first and (bool(wanted) or others >= ENOUGH)
    print("PASS" if is_enough else "FAIL")
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
