"""The command line: `guardedpersonalize`."""

__all__ = ["main"]


def main() -> None:
    """Run the command line; typer and rich are loaded only here."""
    from guardedpersonalize.cli.app import app  # noqa: PLC0415

    app()
