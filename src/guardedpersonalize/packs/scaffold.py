"""A new pack: a folder of files that already pass their own lint, to be made one's own."""

from __future__ import annotations

import functools
import html
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Any, Final

from guardedpersonalize.errors import UsageError, sealed
from guardedpersonalize.vocabulary import Channel

__all__ = ["Blueprint", "channels", "languages", "scaffold"]

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_MOST: Final = 63  # characters in a label of a host, RFC 1035
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_MAIL: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@(.{1,253})")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff{}<>]{1,120}")
_PERSON: Final = "Ada"

_NOTE: Final = """\
# Values marked "invented" were made up by `guardedpersonalize new`. Put your own in their place,
# here and in the templates that print them: search the folder. Where a message lacks the sender
# that is named here, `guardedpersonalize lint` says so.

"""
_MARK: Final = " # invented"


@functools.cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def channels() -> tuple[Channel, ...]:
    """Return the channels that a new pack can be made for."""
    return tuple(channel for channel in Channel if channel.value in _table("scaffold.toml"))


def languages() -> tuple[str, ...]:
    """Return the languages, ISO 639-1, that there are words for."""
    return tuple(_table("scaffold_words.toml"))


@dataclass(frozen=True, slots=True)
class Blueprint:
    """
    What a new pack is to be. What the sender's details leave out is invented, and marked so.

    Args:
        name: Name of the pack: small letters, digits and hyphens.
        channel: Where its message is read; one of `channels`.
        language: ISO 639-1; one of `languages`.
        template: Name of its template.
        sender: Who sends.
        postal_address: The sender's, in one line; only a letter needs it.
        email: Address that answers questions; only a letter needs it.
        domain: Host of the pages for preferences and unsubscribing; only a letter needs it.
    """

    name: str
    channel: Channel
    language: str = "en"
    template: str = "news"
    sender: str = ""
    postal_address: str = ""
    email: str = ""
    domain: str = ""

    @property
    def asks(self) -> tuple[str, ...]:
        """Names of the sender's details that a message of this channel needs."""
        return tuple(_plan(self.channel)["asks"])

    @property
    def invented(self) -> tuple[str, ...]:
        """Names of those that are not given."""
        return tuple(detail for detail in self.asks if not getattr(self, detail))

    def detail(self, name: str) -> str:
        """Return one of the sender's details: as given, else invented from the pack's name."""
        label = self.name[:_MOST].strip("-")
        return (
            str(getattr(self, name))
            or {
                "sender": self.name.replace("-", " ").title(),
                "postal_address": "1 Example Street, Exampleton",
                "email": f"hello@{self.domain or f'{label}.example'}",
                "domain": f"{label}.example",
            }[name]
        )


def _plan(channel: Channel) -> Mapping[str, Any]:
    plan: Mapping[str, Any] | None = _table("scaffold.toml").get(channel.value)
    if plan is None:
        message = f"there is no new pack for the channel {channel.value!r}."
        raise UsageError("GP501", message, remedy=f"Known: {', '.join(channels())}.")
    return plan


@sealed
def scaffold(root: str | Path, blueprint: Blueprint) -> tuple[str, ...]:
    """
    Write the pack of *blueprint* into the folder *root*: all of its files, or none.

    Returns:
        Names of the files, relative to *root*, sorted.

    Raises:
        UsageError: GP501, if the blueprint cannot be used; GP503, if the folder holds anything or
            cannot be written.
    """
    root = Path(os.path.realpath(root))
    files = dict(_files(_checked(blueprint)))
    if root.exists() and not (root.is_dir() and not any(root.iterdir())):
        message = "the folder is not empty; nothing was written."
        raise UsageError("GP503", message, where=root.name, remedy="Choose another name.")
    partial = root.with_name(f".{root.name}.{os.getpid()}.partial")
    reason = ""
    try:
        for name, text in files.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if root.exists():  # it may be where somebody's shell stands, so it stays
            for entry in list(partial.iterdir()):
                entry.rename(root / entry.name)
        else:
            partial.rename(root)
    except OSError as err:
        reason = err.strerror or type(err).__name__
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    if reason:
        raise UsageError("GP503", f"the pack cannot be written: {reason}.", where=root.name)
    return tuple(sorted(files))


def _checked(blueprint: Blueprint) -> Blueprint:
    """Return *blueprint*, hosts in small letters, if every text of it may stand in a pack."""
    address, at, host = blueprint.email.rpartition("@")
    domain, email = blueprint.domain.lower(), f"{address}{at}{host.lower()}"
    blueprint = replace(blueprint, domain=domain, email=email)
    plain = "Use small letters, digits and hyphens, a letter first."
    _demand(_NAME.fullmatch(blueprint.name), "name", plain)
    _demand(_NAME.fullmatch(blueprint.template), "template", plain)
    for detail in blueprint.asks:
        is_fit, remedy = _FIT[detail]
        _demand(is_fit(blueprint.detail(detail)), detail, remedy)
    if blueprint.language not in languages():
        remedy = f"Known: {', '.join(languages())}."
        message = f"there are no words for a new pack in the language {blueprint.language!r}."
        raise UsageError("GP501", message, remedy=remedy)
    return blueprint


def _is_line(text: str) -> bool:
    return bool(_LINE.fullmatch(text)) and text.strip() == text


def _is_host(text: str) -> bool:
    return bool(_HOST.fullmatch(text))


def _is_mail(text: str) -> bool:
    mail = _MAIL.fullmatch(text)
    return bool(mail and _is_host(mail[1]))


_IN_ONE_LINE: Final = "Write it in one line of up to 120 characters, without < > { }."
_FIT: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "sender": (_is_line, _IN_ONE_LINE),
    "postal_address": (_is_line, _IN_ONE_LINE),
    "domain": (_is_host, "Write the host alone, like example.org, without https:// or a path."),
    "email": (_is_mail, "Write it like hello@example.org."),
}
"""Detail of the sender -> whether a text will do, and what to write instead."""


def _demand(is_met: object, what: str, remedy: str) -> None:
    if not is_met:
        raise UsageError("GP501", f"the {what.replace('_', ' ')} cannot be used.", remedy=remedy)


def _files(blueprint: Blueprint) -> Iterator[tuple[str, str]]:
    """Yield `(name, text)` of each file."""
    plan = _plan(blueprint.channel)
    words = _words(blueprint, plan)
    facts = _facts(blueprint, plan)
    for name, source in {**_table("scaffold.toml")["files"], **plan["files"]}.items():
        # Two steps, so that nothing in what was given is taken for a place to fill.
        text = Template(source.lstrip("\n")).safe_substitute(words)
        escape = html.escape if name.endswith(".html.j2") else str
        yield (
            Template(name).substitute(template=blueprint.template),
            Template(text).substitute({**facts, **_details(blueprint, escape)}),
        )


def _words(blueprint: Blueprint, plan: Mapping[str, Any]) -> dict[str, str]:
    """Return what the templates say, and the same without a slot in it."""
    words = dict(_table("scaffold_words.toml")[blueprint.language])
    words["hello_all"] = _filled(words["hello"], _fallbacks(words))
    words["headline_all"] = _filled(words["headline"], _fallbacks(words))
    words["field_tables"] = "\n".join(_table("scaffold.toml")["fields"][f] for f in plan["fields"])
    return words | {key: _quoted(words[key]) for key in ("fallback", "topics_fallback")}


def _fallbacks(words: Mapping[str, Any]) -> dict[str, str]:
    return {"first_name": words["fallback"], "topic": words["topics_fallback"]}


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Return *text* with its slots filled."""
    for slot, value in values.items():
        text = text.replace(f"{{{{ {slot} }}}}", value)
    return text


def _said(plan: Mapping[str, Any], own: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """Return lines of an example: what each part says where these slots hold *values*."""
    lines = []
    for part, keys in plan["shows"].items():
        texts = [_filled(own[key], values) for key in keys]
        if said := [_quoted(text) for text in texts if "{{" not in text]:
            lines.append(f"{part} = [{', '.join(said)}]\n")
    return "".join(lines)


def _facts(blueprint: Blueprint, plan: Mapping[str, Any]) -> dict[str, str]:
    """Return what is filled in besides the words and the sender's details."""
    own = _table("scaffold_words.toml")[blueprint.language]
    values = {"first_name": _PERSON, "topic": own["topics"][-1], "unsubscribe_token": "t-1"}
    types = {"first_name": "user.name.first", "topic": "user.demographic.profile.interest"}
    fields, fallen = plan["fields"], _fallbacks(own)
    return {
        "pack": _quoted(blueprint.name),
        "lang": _quoted(blueprint.language),
        "language": blueprint.language,
        "template": blueprint.template,
        "channel": blueprint.channel.value,
        "purpose": plan["purpose"],
        "permission": 'channel_permission = "opt_in"\n' if plan["permission"] else "",
        "note": _NOTE if blueprint.invented else "",
        "sender_table": "".join(_sender_lines(blueprint)),
        "topics": ", ".join(map(_quoted, own["topics"])),
        "values": "\n".join(f"{name} = {_quoted(values[name])}" for name in fields),
        "pii_types": ", ".join(
            f"{{ pii_type = {_quoted(types[name])} }}" for name in fields if name in types
        ),
        "personal": _said(plan, own, values),
        "impersonal": _said(plan, own, {name: fallen[name] for name in plan["falls_back"]}),
    }


def _sender_lines(blueprint: Blueprint) -> Iterator[str]:
    keys = {"postal_address": "postal_addresses", "email": "emails", "domain": "link_domains"}
    for detail in blueprint.asks:
        value = _quoted(blueprint.detail(detail))
        mark = _MARK if detail in blueprint.invented else ""
        yield f"{keys[detail]} = [{value}]{mark}\n" if detail in keys else f"name = {value}{mark}\n"


def _details(blueprint: Blueprint, escape: Callable[[str], str]) -> dict[str, str]:
    return {
        name: escape(blueprint.detail(name))
        for name in ("sender", "postal_address", "email", "domain")
    }


def _quoted(text: str) -> str:
    """Return *text* as a TOML string."""
    return json.dumps(text, ensure_ascii=False)
