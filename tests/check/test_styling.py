"""What inline styles and style rules hide."""

from __future__ import annotations

import pytest

from guardedpersonalize.check.styling import Look, declarations, look_of, style_rules


def hides(style: str, outer: Look | None = None) -> bool:
    """Tell whether *style* hides text in a place of *outer*."""
    return look_of(outer or Look(), declarations(style)).is_hidden


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : none !important",
        "visibility:hidden",
        "visibility: collapse",
        "opacity:0",
        "opacity: 0.00",
        "mso-hide:all",
        "display/* x */:none",
        "display:none/* x",
        "display:none! important",
        "font:0/0 a",
        "font:bold 1px/1 Arial",
        "zoom:0",
        "transform:scale(0)",
        "clip-path:inset(50%)",
        "content-visibility:hidden",
        "color:hsl(0, 0%, 100%)",
        "font-size:0",
        "font-size:0px; color:red",
        "font-size:1px",
        "font-size:1pt",
        "font-size:0.1rem",
        "max-height:0;overflow:hidden",
        "width:0px;overflow:hidden",
        "text-indent:-9999px",
        "position:absolute;left:-10000px",
        "position:fixed; top:-600px",
        "clip:rect(0, 0, 0, 0)",
        "color:#fff",
        "color:#FFFFFF",
        "color:white",
        "color:rgb(255, 255, 255)",
        "color:#f5f5f5",
        "color:transparent",
        "background:#333;color:#333333ff",
        "background-color:black",
        "color:rgb(300 255 255)",
    ],
)
def test_styles_that_hide_text(style: str) -> None:
    """Not laid out, not seen through, too small, off the screen, or of the background's colour."""
    assert hides(style)


@pytest.mark.parametrize(
    "style",
    [
        "",
        "nonsense",
        "display:block",
        "visibility:visible",
        "opacity:0.5",
        "font:400 14px/0 Arial",
        "transform:scale(0.5)",
        "clip-path:inset(5%)",
        "color:hsla(0,0%,100%,0)",
        "color:hsl(0,0%,40%)",
        "opacity:none",
        "font-size:14px",
        "font-size:12pt",
        "font-size:large",
        "font-size:2em",
        "font-size:-",
        "height:0",
        "max-height:100px;overflow:hidden",
        "text-indent:-5px",
        "left:-10000px",
        "clip:auto",
        "color:#ddd",
        "color:#777",
        "color:#ffffff00",
        "color:#fff0",
        "color:rgba(255,255,255,0)",
        "color:papayawhip",
        "color:inherit",
        "color:#12345",
        "background-image:url(x.png);color:#fff",
        "background:url(x.png);color:#fff",
        "background-color:transparent;color:#000",
        "background-image:none",
        "background-color:#000;color:#fff",
    ],
)
def test_styles_that_do_not(style: str) -> None:
    """What is not known to hide is read as visible."""
    assert not hides(style)


def test_what_an_outer_element_hides_stays_hidden() -> None:
    """Only visibility, size and colour can be undone inside."""
    gone = look_of(Look(), declarations("display:none"))
    assert hides("display:block;visibility:visible;font-size:14px", gone)
    unseen = look_of(Look(), declarations("visibility:hidden"))
    assert not hides("visibility:visible", unseen)
    tiny = look_of(Look(), declarations("font-size:0"))
    assert hides("font-size:120%", tiny)
    assert hides("font-size:inherit", tiny)
    assert not hides("font-size:14px", tiny)
    assert not hides("font-size:medium", tiny)
    white = look_of(Look(), declarations("color:#fff"))
    assert not hides("background:#000", white)


def test_preformatted_text_is_known() -> None:
    """White space counts where the style says so."""
    assert look_of(Look(), declarations("white-space:pre-wrap")).is_pre
    assert not look_of(Look(is_pre=True), declarations("white-space:normal")).is_pre


def test_simple_rules_of_a_style_sheet_are_read() -> None:
    """Names, classes and ids; later declarations win; what is in `@media` is left out."""
    sheet = """
      /* hide */ .a, #b { display:none } p.c{color:#fff} .a{display:block;opacity:0}
      @media print { .d { display:none } } .e > .f {display:none} .g{visibility:hidden}
    """
    rules = style_rules(sheet)
    assert set(rules) == {".a", "#b", "p.c", ".g"}
    assert rules[".a"] == {"display": "block", "opacity": "0"}


@pytest.mark.parametrize("sheet", ["", "{", "}", "}}a{b:c", "a{b:c", "a{{b:c}}", "{a:b}"])
def test_broken_style_sheets_are_read_as_far_as_they_go(sheet: str) -> None:
    """No braces have to match."""
    assert isinstance(style_rules(sheet), dict)


def test_the_last_declaration_counts() -> None:
    """As in a browser, and names and values are lower-cased."""
    assert declarations("Color: Red; COLOR :\n BLUE ;;x") == {"color": "blue"}


def test_what_does_not_matter_to_being_seen_is_not_kept() -> None:
    """Thousands of declarations for thousands of elements would be carried along."""
    assert declarations("margin:0;--x:1;display:none") == {"display": "none"}
