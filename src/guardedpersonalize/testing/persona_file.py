"""A persona as the TOML of `personas/<id>.toml`, ready to paste."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from guardedpersonalize.packs import Persona

__all__ = ["persona_toml"]

_SURROGATES: Final = range(0xD800, 0xE000)
_LAST_OF_FOUR_DIGITS: Final = 0xFFFF


def persona_toml(persona: Persona) -> str:
    """
    Return *persona* as a pack's file holds it, values and all; reading it gives the same persona.

    Half characters, which no file can hold, become question marks.
    """
    profile = persona.profile
    lines = [f"name = {_text(persona.name)}", f"at = {_inline(persona.at)}"]
    lines.append(f"recipient_id = {_text(profile.recipient_id)}")
    values = {name: profile.reveal(name) for name in profile.fields}
    lines += _table("values", {name: value for name, value in values.items() if value is not None})
    seen = {name: moment for name in profile.fields if (moment := profile.observed_at(name))}
    lines += _table("observed_at", seen)
    said = persona.consent.to_json()
    records = said.pop("records", [])
    lines += _table("consent", said)
    for record in records:
        record.pop("schema_version")  # only one is read
        lines += ["", "[[consent.records]]", *_pairs(record)]
    return "\n".join(lines) + "\n"


def _table(name: str, values: Mapping[str, object]) -> list[str]:
    return ["", f"[{name}]", *_pairs(values)]


def _pairs(values: Mapping[str, object]) -> Iterator[str]:
    for name, value in values.items():
        if value is not None:
            yield f"{name} = {_inline(value)}"


def _inline(value: object) -> str:
    if isinstance(value, bool | int | float):
        return repr(value).lower()
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        inner = ", ".join(_pairs(value))
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    return _text(str(value) if isinstance(value, Decimal) else value)


def _text(value: object) -> str:
    """Return a basic string of TOML; what cannot be seen is written as an escape."""
    quoted = json.dumps(str(value), ensure_ascii=False)
    return "".join(map(_character, quoted))


def _character(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if code in _SURROGATES:
        return "?"
    return f"\\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"
