"""Sets of HTML elements and attributes that are read alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from guardedpersonalize.check.characters import word_set

__all__ = ["BLOCKS", "CLOSES_P", "IMPLIED", "LAYOUT", "LINKS", "NEVER_SHOWN", "TITLES", "VOID"]

VOID: Final = word_set(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
BLOCKS: Final = word_set(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main "
    "menu nav ol option optgroup p pre search section select summary table tbody td textarea tfoot "
    "th thead tr ul"
)
CLOSES_P: Final = BLOCKS - {"body", "button", "caption", "html", "legend", "option", "select"}
# Start tags that end an open element of the same kind, where the end tag may be left out.
IMPLIED: Final[Mapping[str, frozenset[str]]] = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"td", "th", "tr"}),
}
NEVER_SHOWN: Final = frozenset({"datalist", "template"})

LINKS: Final = word_set(
    "action background cite data formaction href longdesc manifest ping poster profile src srcset "
    "usemap xlink:href"
)
TITLES: Final = word_set(
    "aria-description aria-label aria-placeholder aria-roledescription aria-valuetext title"
)
# Attributes that say how a thing looks or works: read only where they may carry more than that.
LAYOUT: Final = word_set(
    "align alink aria-describedby aria-hidden aria-labelledby async autocomplete axis bgcolor "
    "border bordercolor cellpadding cellspacing char charset checked class clear color cols "
    "colspan controls coords dir disabled enctype face for frame frameborder headers height "
    "hidden hspace http-equiv id lang language link loop marginheight marginwidth maxlength "
    "media method name noshade nowrap rel required role rows rowspan rules scope shape size "
    "sizes start style tabindex target text type valign vlink vspace width xml:lang xmlns "
    "xmlns:o xmlns:v"
)
