"""Asks an ASGI application without a network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "127.0.0.1:8765"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


def ask(app, path="/", form=None, *, body=None, host=HOST, **headers) -> Answer:  # type: ignore[no-untyped-def]
    """Return what *app* answers; with a form or a body it is a POST."""
    sent = urlencode(form, doseq=True).encode() if form is not None else body
    target, _, query = path.partition("?")
    told = {"host": host, **{name.replace("_", "-"): text for name, text in headers.items()}}
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET" if sent is None else "POST",
        "scheme": "http", "path": target, "raw_path": target.encode(), "root_path": "",
        "query_string": query.encode(), "server": ("127.0.0.1", 8765), "client": None,
        "headers": [(name.encode(), text.encode()) for name, text in told.items() if text],
    }  # fmt: skip
    messages = []

    async def receive():  # type: ignore[no-untyped-def]
        return {"type": "http.request", "body": sent or b"", "more_body": False}

    async def send(message):  # type: ignore[no-untyped-def]
        messages.append(message)

    asyncio.run(app(scope, receive, send))
    start, *rest = messages
    heads = {name.decode(): text.decode() for name, text in start["headers"]}
    return Answer(start["status"], heads, b"".join(m.get("body", b"") for m in rest).decode())
