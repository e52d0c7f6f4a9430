"""How what is inside an element looks: by its tag, its attributes and the style sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.decoding import decode_attribute
from guardedpersonalize.check.elements import NEVER_SHOWN
from guardedpersonalize.check.markup import Raw, Tag, tokens
from guardedpersonalize.check.styling import Look, declarations, look_of, style_rules

__all__ = ["Appearance"]

_LOOKS: Final = word_set("background bgcolor class color dir hidden href id style")
_LOOKING: Final = NEVER_SHOWN | {"bdo", "pre"}
_LINK_COLOUR: Final = (0, 0, 238)


class Appearance:
    """
    What one source says of looks.

    The style sheets are read first: they may stand after what they hide.

    Args:
        source: The markup.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._rules: dict[str, dict[str, str]] = {}
        self._styles: dict[str, Mapping[str, str]] = {}
        if "<style" not in source.lower():
            return
        for token in tokens(source, 0, len(source)):
            if isinstance(token, Raw) and token.name == "style":
                for name, style in style_rules(source[token.start : token.end]).items():
                    self._rules.setdefault(name, {}).update(style)

    def inside(self, tag: Tag, look: Look) -> Look:
        """Return the look of what is inside *tag*, which itself stands in *look*."""
        values: dict[str, str] = {}
        if not (tag.attributes or self._rules or tag.name in _LOOKING or ":" in tag.name):
            return look
        for attribute in tag.attributes:
            if attribute.name in _LOOKS and attribute.name not in values:
                values[attribute.name] = decode_attribute(
                    self._source, attribute.start, attribute.end
                )[0]
        if tag.name == "a" and "href" in values:
            look = replace(look, colour=_LINK_COLOUR)
        if tag.name in NEVER_SHOWN or "hidden" in values:
            look = replace(look, gone=True)
        if tag.name == "pre":
            look = replace(look, is_pre=True)
        if tag.name == "bdo":
            look = replace(look, is_turned=values.get("dir", "").strip().lower() == "rtl")
        if tag.name.startswith("v:"):  # Outlook's shapes have fills of their own
            look = replace(look, background=None)
        return look_of(look, self._style(tag.name, values))

    def _style(self, name: str, values: Mapping[str, str]) -> Mapping[str, str]:
        """Join the declarations that hold for an element, the weaker ones first."""
        style: dict[str, str] = {}
        if values.get("background"):
            style["background-image"] = "url"
        if "bgcolor" in values:
            style["background-color"] = values["bgcolor"].strip().lower()
        if name == "font" and "color" in values:
            style["color"] = values["color"].strip().lower()
        if self._rules:
            classes = [f".{one}" for one in values.get("class", "").lower().split()]
            ids = [f"#{values['id'].strip().lower()}"] if "id" in values else []
            for selector in (name, *classes, *(name + one for one in classes), *ids):
                style |= self._rules.get(selector, {})
        if "style" in values:
            style |= self._declarations(values["style"])
        return style

    def _declarations(self, text: str) -> Mapping[str, str]:
        """Read a style attribute; most stand in a part many times."""
        if text not in self._styles:
            self._styles[text] = declarations(text)
        return self._styles[text]
