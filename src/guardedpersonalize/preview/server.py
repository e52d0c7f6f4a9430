"""The live preview: pages for this machine alone, made anew for each request; nothing is kept."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from guardedpersonalize.consent import AgeGroup
from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import GuardError, PackError, Problem, UsageError, sealed
from guardedpersonalize.preview.cards import Card, Shown
from guardedpersonalize.preview.page import STATIC, environment, told_of
from guardedpersonalize.preview.switchboard import Form, Switchboard
from guardedpersonalize.vocabulary import ChannelPermission

try:
    import uvicorn
    import watchfiles
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, PlainTextResponse, Response
    from starlette.routing import Route

    _has_all = True
except ImportError:
    _has_all = False
if not _has_all:
    raise UsageError(
        "GP501",
        "the live preview needs Starlette, uvicorn and watchfiles.",
        remedy="Install guardedpersonalize[serve].",
    )

__all__ = ["HOST", "Guard", "Source", "listen", "make_app", "serve"]

HOST: Final = "127.0.0.1"
_NAMES: Final = (HOST, "localhost")
_MOST_BYTES: Final = 1_000_000  # of a form
_PORTS_TRIED: Final = 50
_USUAL_PORT: Final = 80
_AWAY_SECONDS: Final = 0.5  # between two looks for a folder that is gone

_HEADERS: Final = {
    # Letters bring styles of their own, so these may stand in the page; scripts may not.
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Not no-referrer: with that a browser does not tell where a form came from.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_FILES: Final = {"preview.css": "text/css", "live.css": "text/css", "live.js": "text/javascript"}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Source:
    """
    A pack that is read again when its files change.

    Args:
        root: The pack's folder. It is only ever read.

    Attributes:
        engine: Of the last state that could be read; None where there was none yet.
        problems: What is wrong with the present state.
        version: Another one after each reading, and in each process.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine: Engine | None = None
        self.problems: tuple[Problem, ...] = ()
        self.version = ""
        self.read()

    def read(self) -> None:
        """Read the pack; what is wrong with it is kept, not raised."""
        try:
            self.engine = Engine.from_pack(self.root)
            self.problems = ()
        except PackError as err:
            self.problems = err.problems
        except GuardError as err:  # a file that vanished while it was read
            self.problems = (Problem(self.root.name, 0, err.code, err.message, err.remedy or ""),)
        self.version = secrets.token_hex(8)

    async def watch(self) -> None:
        """Read the pack again after each change, until cancelled; it may go and come back."""
        while True:
            with suppress(FileNotFoundError):
                await self._watch_folder()
            while not self.root.is_dir():  # noqa: ASYNC110  # nothing tells of what is not there
                await asyncio.sleep(_AWAY_SECONDS)
            await run_in_threadpool(self.read)

    async def _watch_folder(self) -> None:
        """Read after each change until the folder is another one, which is not watched."""
        root = self.root.resolve()
        number = root.stat().st_ino
        async for changes in watchfiles.awatch(root):
            await run_in_threadpool(self.read)
            is_gone = (watchfiles.Change.deleted, str(root)) in changes
            if is_gone or root.stat().st_ino != number:
                return


class Guard:
    """
    Lets only requests through that a page of this server, or a person, made on this machine.

    A name that was bound to 127.0.0.1 elsewhere (DNS rebinding) is not among *hosts*, and a request
    from another site's page names that site as its origin.

    Args:
        app: What is guarded.
        hosts: The values of `Host` that are answered.
    """

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or refuse it with status 403."""
        if scope["type"] == "http" and not self._is_ours(scope):
            await PlainTextResponse("refused\n", 403, _HEADERS)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = [(name, value.decode("latin-1")) for name, value in scope["headers"]]
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return False
        told = dict(headers)
        is_near = told.get(b"sec-fetch-site", "none") in {"none", "same-origin"}
        return is_near and told.get(b"origin", f"http://{hosts[0]}") == f"http://{hosts[0]}"


def make_app(source: Source, port: int) -> App:
    """Return the application for *source*, to be served on *port* of this machine."""

    async def look(request: Request) -> Response:
        if request.method == "GET":
            form = parse_qs(request.url.query)
        else:
            body = b""
            async for chunk in request.stream():
                body += chunk
                if len(body) > _MOST_BYTES:
                    return PlainTextResponse("too much\n", 413, _HEADERS)
            form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        try:
            status, page = await run_in_threadpool(_page, source, form)
        except GuardError as err:
            return PlainTextResponse(f"{err}\n", 500, _HEADERS)
        return HTMLResponse(page, status, _HEADERS)

    async def version(_: Request) -> Response:
        return PlainTextResponse(source.version, headers=_HEADERS)

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            return PlainTextResponse("not found\n", 404, _HEADERS)
        return Response((STATIC / name).read_bytes(), 200, _HEADERS, _FILES[name])

    @asynccontextmanager
    async def watching(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(source.watch())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    routes = [
        Route("/", look, methods=["GET", "POST"]),
        Route("/version", version),
        Route("/static/{name}", file),
    ]
    return Guard(Starlette(routes=routes, lifespan=watching), _hosts(port))


def _hosts(port: int) -> frozenset[str]:
    """Return what a browser may name this server; it leaves the usual port out."""
    named = frozenset(f"{name}:{port}" for name in _NAMES)
    return named.union(_NAMES) if port == _USUAL_PORT else named


@sealed
def _page(source: Source, form: Form) -> tuple[int, str]:
    """Return the status and the page for *form*."""
    board: Switchboard | None = None
    told: Mapping[str, object] = {"card": None, "rules": [], "sources": {}, "error": None}
    version = source.version  # first: a page that is older than it says would never be renewed
    engine = source.engine
    try:
        if engine is not None:
            board = Switchboard(engine.pack, form)
            told = {**told, **_told(engine, board)}
        status = 200
    except GuardError as err:
        told, status = {**told, "error": err}, 400
    page = environment().get_template("live.html.j2")
    return status, page.render(
        pack=engine.pack if engine else None,
        name=source.root.name,
        board=board,
        problems=source.problems,
        version=version,
        permissions=list(ChannelPermission),
        ages=list(AgeGroup),
        **told,
    )


def _told(engine: Engine, board: Switchboard) -> Mapping[str, object]:
    """Return what the page tells of the message that *board* asks for."""
    profile, consent, at = board.changed()
    result = engine.render(board.template.name, profile, consent, at=at)
    known = {rule.id: rule for rule in engine.checker.rules.rules}
    rules, sources = told_of([result], known)
    shown = Shown(board.template, board.persona, result)
    return {"card": Card("m", shown, known), "rules": rules, "sources": sources}


def listen(port: int) -> socket.socket:
    """
    Return a socket that listens on *port* of this machine, and of no other interface.

    Raises:
        UsageError: GP501, if the port is taken; it names the next free one.
    """
    made = _bound(port)
    if made is not None:
        return made
    remedy = "Name another with --port."
    for other in range(port + 1, min(port + _PORTS_TRIED, 65536)):
        if (found := _bound(other)) is not None:
            found.close()
            remedy = f"Port {other} is free: --port {other}."
            break
    raise UsageError("GP501", f"port {port} is taken.", remedy=remedy)


def _bound(port: int) -> socket.socket | None:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen()
    except OSError as err:
        made.close()
        if err.errno in {errno.EADDRINUSE, errno.EACCES}:
            return None
        raise
    return made


def serve(root: Path, made: socket.socket) -> None:
    """
    Serve a live preview of the pack in *root* on the socket *made*, until Ctrl-C.

    Args:
        root: The pack's folder.
        made: As from `listen`.
    """
    app = make_app(Source(root), made.getsockname()[1])
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[made])
