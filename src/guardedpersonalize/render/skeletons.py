"""
The ways through a template: which sentences of its own it can say, and with which slots beside.

A template is rendered with values that answer what it asks; then again with an answer turned round,
and so on. Answers that no way has come by yet are taken first, so that every branch is read at
least once wherever there are values for it; what is left of the limit goes into combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from guardedpersonalize.errors import RenderError
from guardedpersonalize.render.draft import Draft
from guardedpersonalize.render.steering import Question, Steering, values_for
from guardedpersonalize.render.template import TemplateSet
from guardedpersonalize.vocabulary import Channel, Purpose

__all__ = ["MOST_PATHS", "Explored", "Explorer"]

MOST_PATHS: Final = 64
"""Ways through one template that are read; a house choice, see docs/explanation/architecture.md."""

_TRIES: Final = 8  # for each way: other answers may lead the same way, or be had of no values
_MOST_ASKED: Final = 200
"""Questions of one way that are turned round; the work grows with its square."""

_Answers = tuple[tuple[Question, bool], ...]


@dataclass(frozen=True, slots=True)
class Explored:
    """
    The ways that were found.

    Args:
        skeletons: What the template says on each of them, once, in the order of finding.
        is_whole: True where there are no others.
        error: What goes wrong on a way, if anything does.
    """

    skeletons: tuple[Draft, ...]
    is_whole: bool
    error: RenderError | None


@dataclass(frozen=True, slots=True)
class _Turn:
    """A way to try: as one that is known, up to an answer that is turned round."""

    answers: _Answers
    arms: frozenset[tuple[str, bool]]


class Explorer:
    """
    Finds the ways through the templates of a set. For one thread.

    Args:
        templates: The set.

    Raises:
        RenderError: GP330, if the templates are nested too deeply for this.
    """

    def __init__(self, templates: TemplateSet) -> None:
        self._steering = Steering()
        self._templates = templates.steered(self._steering)

    def explore(
        self,
        entry: str,
        usual: Mapping[str, Any],
        *,
        channel: Channel,
        purpose: Purpose | None,
        required: frozenset[str] = frozenset(),
        most: int = MOST_PATHS,
    ) -> Explored:
        """
        Find the ways through *entry*.

        Args:
            entry: Name of the entry.
            usual: A plausible value for each of its slots.
            channel: Where the message will be read.
            purpose: What it is sent for.
            required: Slots that are never empty.
            most: How many ways to find at most.
        """

        def render(marked: Mapping[str, Any]) -> Draft:
            return self._templates.render(entry, marked, channel=channel, purpose=purpose)

        search = _Search(self._steering, render, usual, required)
        search.run(most)
        return Explored(tuple(search.found.values()), search.is_whole, search.error)


class _Search:
    """Finds the ways through one template."""

    def __init__(
        self,
        steering: Steering,
        render: Callable[[Mapping[str, Any]], Draft],
        usual: Mapping[str, Any],
        required: frozenset[str],
    ) -> None:
        self._steering = steering
        self._render = render
        self._usual = usual
        self._required = required
        self._arms: set[tuple[str, bool]] = set()
        self._seen: set[tuple[object, ...]] = set()
        self.open = [_Turn((), frozenset())]
        self.found: dict[tuple[object, ...], Draft] = {}
        self.error: RenderError | None = None
        self._is_cut = False

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing left to try."""
        return not self.open and not self._is_cut

    def run(self, most: int) -> None:
        """Find up to *most* ways."""
        for _ in range(_TRIES * most):
            if not self.open or len(self.found) >= most:
                return
            turn = self._next()
            values = self._values(turn.answers)
            if values is not None:
                self._take(turn, values)

    def _next(self) -> _Turn:
        """Take the first turn that leads to a new branch, or the last of all."""
        new = (at for at, turn in enumerate(self.open) if not turn.arms <= self._arms)
        return self.open.pop(next(new, -1))

    def _values(self, answers: _Answers) -> dict[str, Any] | None:
        """Return values that answer so, or that at least turn the last answer round, if any do."""
        values = values_for(answers, self._usual, required=self._required)
        if values is None:
            # "More than 9" is not to be had beside "not more than 5", which was asked before.
            slot = answers[-1][0].slot
            others = [*(one for one in answers[:-1] if one[0].slot != slot), answers[-1]]
            values = values_for(others, self._usual, required=self._required)
        return values

    def _take(self, turn: _Turn, values: Mapping[str, Any]) -> None:
        forced = [(question, answer) for question, answer in turn.answers if not question.slot]
        marked = self._steering.begin(values, forced)
        try:
            draft = self._render(marked)
        except RenderError as err:
            # With an answer that no value stands behind, the fault may be one that cannot happen;
            # and of what does not fit into an address, the value is at fault.
            if not forced and err.code != "GP335":
                self.error = self.error or err
        else:
            key = tuple((part.path, part.text) for part in draft.parts)
            self.found.setdefault(key, draft)
        self._open()

    def _open(self) -> None:
        """Note the branches that were taken, and those that were passed by on the way."""
        before: _Answers = ()
        way: tuple[object, ...] = ()
        questions = self._steering.asked.items()
        self._is_cut |= len(questions) > _MOST_ASKED
        for key, asked in islice(questions, _MOST_ASKED):
            self._arms |= {(site, asked.answer) for site in asked.sites}
            turned = (*way, key, not asked.answer)
            if turned not in self._seen:
                self._seen.add(turned)
                arms = frozenset((site, not asked.answer) for site in asked.sites)
                self.open.append(_Turn((*before, (asked.question, not asked.answer)), arms))
            before = (*before, (asked.question, asked.answer))
            way = (*way, key, asked.answer)
            self._seen.add(way)
