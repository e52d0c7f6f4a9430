"""The commands, put together; one module a command group."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Final, ParamSpec

import typer

from guardedpersonalize._version import __version__
from guardedpersonalize.cli.allow import allow
from guardedpersonalize.cli.check import check
from guardedpersonalize.cli.lint import lint
from guardedpersonalize.cli.new import new
from guardedpersonalize.cli.preview import preview
from guardedpersonalize.cli.render import render
from guardedpersonalize.cli.rules import explain, rules
from guardedpersonalize.cli.test import test
from guardedpersonalize.errors import GuardError

__all__ = ["app"]

WRONG_USE: Final = 2

P = ParamSpec("P")

app = typer.Typer(
    name="guardedpersonalize",
    help="Message personalisation with privacy guardrails.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _coded(command: Callable[P, None]) -> Callable[P, None]:
    """Print one of our errors as a line on stderr and end with status 2."""

    @wraps(command)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            return
        except GuardError as err:
            message = str(err)
        except BrokenPipeError:
            # Whoever read our output has seen enough; say nothing, not even at shutdown.
            sys.stderr.close()
            raise typer.Exit(0) from None
        typer.echo(message, err=True)
        raise typer.Exit(WRONG_USE)

    return call


for _command in (new, lint, allow, test, render, check, preview, rules, explain):
    app.command()(_coded(_command))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"guardedpersonalize {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Message personalisation with privacy guardrails."""
