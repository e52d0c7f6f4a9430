"""The non-interference oracle: change one slot, and see what may not have changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from guardedpersonalize.render.environment import TracedSandbox
from guardedpersonalize.render.flow import Flow

FIRST: Mapping[str, object] = {
    "a": "Ada",
    "b": "boots",
    "c": "<Cardiff>",
    "flag": True,
    "n": 2,
    "items": ["x", "y", "z"],
}
CHANGED: Mapping[str, tuple[object, ...]] = {
    "a": ("Grace", ""),
    "b": ("", "bulbs & more"),
    "c": ("", "Dover"),
    "flag": (False,),
    "n": (0, 1, 7),
    "items": ([], ["y"], ["x", "z", "y", "q"]),
}


@dataclass(frozen=True)
class Traced:
    """A set of templates on the traced sandbox, and what the analysis says of its sites."""

    environment: TracedSandbox
    labels: Mapping[str, frozenset[str]]
    shown: Mapping[str, frozenset[str]]

    @classmethod
    def of(
        cls, sources: Mapping[str, str], *, escape: bool, extensions: Sequence[str] = ()
    ) -> Traced:
        """Make them; the main template is `main`."""
        environment = TracedSandbox(
            loader=DictLoader(sources),
            undefined=StrictUndefined,
            autoescape=escape,
            extensions=extensions,
        )
        trees = {name: environment.parse(source, name) for name, source in sources.items()}
        sites = Flow(trees, "main", FIRST).sites
        return cls(
            environment,
            {sid: site.value.labels for sid, site in sites.items()},
            {sid: site.value.shown for sid, site in sites.items()},
        )

    def chunks(self, context: Mapping[str, object]) -> list[tuple[str, str]] | None:
        """Return `(site, text)` of each chunk with text, or None where rendering fails."""
        try:
            stream = list(self.environment.get_template("main").generate(copy.deepcopy(context)))
        except Exception:  # noqa: BLE001 - any failure is a failure
            return None
        return [(chunk.sid, str(chunk)) for chunk in stream if chunk]


def misses(traced: Traced, first: Mapping[str, object] = FIRST) -> list[tuple[str, object]]:
    """Return each change of a slot that reaches a chunk which does not name the slot."""
    before = traced.chunks(first)
    found = []
    for slot, values in CHANGED.items():
        for value in values:
            after = traced.chunks({**first, slot: value})
            if before is None or after is None:
                continue
            if _unnamed(before, slot, traced) != _unnamed(after, slot, traced):
                found.append((slot, value))
    return found


def _unnamed(chunks: Sequence[tuple[str, str]], slot: str, traced: Traced) -> list[tuple[str, str]]:
    return [(sid, text) for sid, text in chunks if slot not in traced.labels[sid]]


def stock(
    sources: Mapping[str, str], *, escape: bool, extensions: Sequence[str] = ()
) -> ImmutableSandboxedEnvironment:
    """Return Jinja's own immutable sandbox over the same sources."""
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        autoescape=escape,
        extensions=extensions,
    )
