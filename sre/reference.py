"""The page `docs/cli.md`: the help of every verb, as the command itself prints it.

`python -m sre.reference > docs/cli.md` renews it; a test keeps it current.
"""

import sys
from collections.abc import Iterator
from typing import Any, Final

import typer.main

from sre.exits import EXIT_HELP
from sre.main import Options, build_app

_WIDTH: Final = 100


def page() -> str:
    """Return the whole page."""
    command = typer.main.get_command(build_app(Options()))
    parts = [
        "# The `sre` command",
        "Made from the command's own help: `python -m sre.reference > docs/cli.md`.",
        f"{EXIT_HELP}.",
        *_sections(command, "sre"),
    ]
    return "\n\n".join(parts) + "\n"


def _sections(command: Any, path: str) -> Iterator[str]:
    context = command.make_context(
        path, [], resilient_parsing=True, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    text = command.get_help(context).split("\n\n  Exit codes:")[0].rstrip()
    yield f"## `{path}`\n\n```text\n{text}\n```"
    for name in getattr(command, "commands", {}):
        yield from _sections(command.commands[name], f"{path} {name}")


if __name__ == "__main__":
    sys.stdout.write(page())
