"""A pack's examples, run: what was expected, what came out, and why, for whoever wrote them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from guardedpersonalize.check import Finding
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.packs.manifest import ExampleFile
from guardedpersonalize.render import Part

__all__ = ["ExampleFailed", "run_example"]


class ExampleFailed(AssertionError):  # noqa: N818 - a claim that does not hold is no program error
    """An example does not come out as it says. Its text shows values, which are a persona's."""


def run_example(engine: Engine, id_: str) -> Result:
    """
    Render the example *id_* of the engine's pack and hold it to its claim.

    Outcome and rung have to be as claimed, the findings that are named have to be there, and each
    text has to be where it is expected and not where it is not.

    Returns:
        The result.

    Raises:
        ExampleFailed: with everything that is otherwise.
        KeyError: if the pack has no such example.
    """
    claim = engine.pack.examples[id_]
    who = engine.pack.personas[claim.persona]
    result = engine.render(claim.template, who.profile, who.consent, at=who.at)
    faults = [*_decision(claim, result), *_texts(claim, result)]
    if not faults:
        return result
    head = f"{claim.claim}\n{claim.template} for {who.name} ({claim.persona})"
    raise ExampleFailed("\n\n".join([head, *faults, *_circumstances(result)]))


def _decision(claim: ExampleFile, result: Result) -> Iterator[str]:
    decision = result.decision
    if decision.outcome is not claim.outcome:
        yield f"Expected the outcome {claim.outcome}; it came out as {decision.outcome}."
    if claim.rung not in {None, decision.rung.value}:
        yield f"Expected the rung {claim.rung}; it came out {decision.rung.value}."
    missing = sorted(set(claim.findings) - {finding.rule for finding in result.findings})
    if missing:
        found = ", ".join(sorted({finding.rule for finding in result.findings})) or "none"
        yield f"Expected a finding of {', '.join(missing)}; found: {found}."


def _texts(claim: ExampleFile, result: Result) -> Iterator[str]:
    made = result.draft.parts if result.message and result.draft else ()
    parts = {part.name: part for part in made}
    for name, texts in claim.contains.items():
        for text in texts:
            if name not in parts:
                yield f"Expected part {name!r} to have {text!r}; no such part is sent."
            elif text not in parts[name].text:
                yield f"Expected in part {name!r}:\n{_marked(text, parts[name].text)}"
    for name, texts in claim.absent.items():
        for text in texts:
            if name in parts and text in parts[name].text:
                yield _intruder(parts[name], text)


def _marked(wanted: str, text: str) -> str:
    """Return *wanted* over the line of *text* that is nearest, the differences marked."""
    lines = [line for line in text.splitlines() if line.strip()]
    nearest = max(lines, key=lambda line: _likeness(wanted, line), default="")
    shown = difflib.ndiff([wanted], [nearest])
    names = {"- ": "  expected  ", "+ ": "  came out  ", "? ": "            "}
    return "\n".join(names.get(line[:2], "            ") + line[2:].rstrip() for line in shown)


def _likeness(wanted: str, line: str) -> float:
    matcher = difflib.SequenceMatcher(None, wanted, line, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) - len(line) / 1000


def _intruder(part: Part, text: str) -> str:
    start = part.text.index(text)
    end = start + len(text)
    origins = part.origins(start, end)
    slots = sorted({slot for origin in origins for slot in origin.slots})
    by = f"slot {', '.join(slots)}" if slots else "the template's own words"
    place = next((f" at {each.template}:{each.line}" for each in origins if each.template), "")
    before = part.text[:start].rpartition("\n")[2]
    after = part.text[end:].partition("\n")[0]
    line = f"{before}[[{text}]]{after}".strip()
    return f"Not expected in part {part.name!r}, written by {by}{place}:\n  {line}"


def _circumstances(result: Result) -> Iterator[str]:
    """Yield what explains the message: causes, slots that were not filled, and findings."""
    decision = result.decision
    causes = [f"  [{cause.code}] {cause.message}" for cause in decision.causes]
    if causes:
        yield "\n".join([f"Why it is {decision.outcome} ({decision.rung.value}):", *causes])
    withheld = result.slots.withheld if result.slots else ()
    slots = [f"  {slot.spec.name} ({slot.field.name}): {slot.reason}" for slot in withheld]
    if slots:
        yield "\n".join(["Slots that were not filled, with the field and the reason:", *slots])
    findings = _listed(result.refused or result.findings)
    if findings:
        yield "\n".join(["What the check found:", *findings])


def _listed(findings: Sequence[Finding]) -> list[str]:
    return [
        f"  {finding.rule} {finding.severity} in {finding.part}: {finding.message}"
        + (f" (slot {', '.join(finding.slots)})" if finding.slots else "")
        for finding in findings
    ]
