"""`new`: a pack to begin with, which passes its own lint and tests at once."""

from __future__ import annotations

import re
import shlex
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from guardedpersonalize.cli.console import is_typed
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs.scaffold import Blueprint, channels, scaffold
from guardedpersonalize.vocabulary import channel as channel_called

__all__ = ["new"]

_ALIASES: Final = {"ads": "ad", "e-mail": "email"}
_MOST: Final = 64  # letters of a name
_QUESTIONS: Final = {
    "sender": "Who sends? A name that readers know",
    "postal_address": "The sender's postal address, in one line",
    "email": "An e-mail address that answers questions",
    "domain": "The host of your pages, with the one to unsubscribe",
}

Folder = Annotated[Path, typer.Argument(help="The folder to make.", show_default=False)]
ChannelOption = Annotated[
    str, typer.Option("--channel", help="email, push, sms or ad.", show_default=False)
]
Name = Annotated[
    str,
    typer.Option("--name", help="Name of the pack; else that of the folder.", show_default=False),
]
Template = Annotated[str, typer.Option("--template", help="Name of its template.")]
Sender = Annotated[str, typer.Option("--sender", help="Who sends.", show_default=False)]
PostalAddress = Annotated[
    str, typer.Option("--postal-address", help="The sender's, in one line.", show_default=False)
]
Email = Annotated[
    str, typer.Option("--email", help="Address that answers questions.", show_default=False)
]
Domain = Annotated[
    str,
    typer.Option("--domain", help="Host of your pages, e.g. example.org.", show_default=False),
]
Lang = Annotated[str, typer.Option("--lang", help="Language of the texts, ISO 639-1.")]


def new(
    folder: Folder,
    channel: ChannelOption = "",
    name: Name = "",
    template: Template = "news",
    sender: Sender = "",
    postal_address: PostalAddress = "",
    email: Email = "",
    domain: Domain = "",
    lang: Lang = "en",
) -> None:
    """Make a pack to begin with. What is not given is asked for, or invented in a script."""
    channel = channel or _asked_channel()
    blueprint = Blueprint(
        name=name or _name_of(folder),
        channel=channel_called(_ALIASES.get(channel, channel)),
        language=lang,
        template=template,
        sender=sender,
        postal_address=postal_address,
        email=email,
        domain=domain,
    )
    if is_typed():
        for detail in blueprint.invented:
            answer = typer.prompt(_QUESTIONS[detail], default=blueprint.detail(detail))
            if answer != blueprint.detail(detail):
                blueprint = replace(blueprint, **{detail: answer})
    files = scaffold(folder, blueprint)
    typer.echo(f"{folder.as_posix()}: {len(files)} files")
    for detail in blueprint.invented:
        typer.echo(f"  invented, put your own: {blueprint.detail(detail)}")
    typer.echo(f"Next: guardedpersonalize lint {shlex.quote(folder.as_posix())}")


def _name_of(folder: Path) -> str:
    """Return a pack's name from that of its folder: small letters without their accents."""
    plain = unicodedata.normalize("NFKD", folder.resolve().name.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    name = re.sub("[^a-z0-9]+", "-", bare).strip("-")
    # Rather none than one with letters missing.
    is_fit = name[:1].isalpha() and len(name) <= _MOST
    if not is_fit or any(char.isalpha() and not char.isascii() for char in bare):
        message = "the folder's name makes no name for a pack."
        remedy = "Give one with --name: up to 64 small letters, digits and hyphens, a letter first."
        raise UsageError("GP501", message, remedy=remedy)
    return name


def _asked_channel() -> str:
    known = ", ".join(channels())
    if not is_typed():
        raise UsageError("GP501", "say where the message is read.", remedy=f"--channel: {known}.")
    return str(typer.prompt(f"Where is the message read? {known}", default="email"))
