"""Sets of HTML elements and attributes that are read alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.reading import RegionKind

__all__ = [
    "ASIDES",
    "BLOCKS",
    "CLOSES_P",
    "IMAGE_LISTS",
    "IMPLIED",
    "LAYOUT",
    "LINKS",
    "NEVER_SHOWN",
    "TITLES",
    "VOID",
]

VOID: Final = word_set(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
BLOCKS: Final = word_set(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main "
    "menu nav ol option optgroup p pre search section select summary table tbody td text textarea "
    "tfoot th thead tr ul"
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
ASIDES: Final[Mapping[str, RegionKind]] = {
    "desc": RegionKind.TITLE,
    "metadata": RegionKind.META,
    "xml": RegionKind.META,
}
"""Elements whose text is neither shown nor hidden: of drawings, and the settings of Outlook."""

LINKS: Final = word_set(
    "action background cite data dynsrc formaction href icon itemid longdesc lowsrc manifest ping "
    "poster profile src usemap xlink:href"
)
IMAGE_LISTS: Final = frozenset({"imagesrcset", "srcset"})
TITLES: Final = word_set(
    "aria-description aria-label aria-placeholder aria-roledescription aria-valuetext title"
)
# Attributes that say how a thing looks or works: read only where they may carry more than that.
LAYOUT: Final = word_set(
    "align alink arcsize aria-describedby aria-hidden aria-labelledby async autocomplete axis "
    "bgcolor border bordercolor cellpadding cellspacing char charset checked class clear color "
    "cols colspan controls coordorigin coords coordsize dir disabled enctype face fillcolor "
    "filled for frame frameborder headers height hidden hspace http-equiv id itemprop itemref "
    "itemscope itemtype lang language link loop marginheight marginwidth maxlength media method "
    "name noshade nowrap rel required role rows rowspan rules scope shape size sizes start "
    "strokecolor stroked strokeweight style tabindex target text type valign vlink vspace width "
    "xml:lang xmlns xmlns:o xmlns:v"
)
