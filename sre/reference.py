"""The help of every verb, made from the verbs themselves: `sre/help.json` and `docs/cli.md`.

`python -m sre.reference` renews both; a test keeps them current.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kit.edge.writing import write_whole
from kit.pure.exits import EXIT_HELP
from sre.command import build
from sre.main import PAGES
from sre.table import GROUPS, VERBS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
_WIDTH: Final = 80


def pages() -> dict[str, str]:
    """Return the help by what is typed before it, "" for `sre` itself."""
    found = {}
    for words in _all_words():
        command, context = _find(words)
        found[" ".join(words)] = command.get_help(context).rstrip() + "\n"
    return found


def page(found: dict[str, str]) -> str:
    """Return the page of the documentation."""
    parts = [
        "# The `sre` command",
        "Made from the command's own help by `python -m sre.reference`.",
        f"{EXIT_HELP}.",
    ]
    for words, text in found.items():
        shown = text.split("\n\n  Exit codes:")[0].rstrip()
        parts.append(f"## `{f'sre {words}'.strip()}`\n\n```text\n{shown}\n```")
    return "\n\n".join(parts) + "\n"


def as_json(found: dict[str, str]) -> str:
    """Return the file that `--help` is read from."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _all_words() -> Iterator[tuple[str, ...]]:
    yield ()
    begun: set[str] = set()
    for verb in VERBS:
        first = verb.split()[0]
        if first in GROUPS and first not in begun:
            yield (first,)
        begun.add(first)
        yield tuple(verb.split())


def _find(words: tuple[str, ...]) -> tuple[Any, Any]:
    command, context, path = build(), None, "sre"
    for word in (None, *words):
        if word is not None:
            command, path = command.get_command(context, word), word
        context = command.make_context(
            path, [], context, resilient_parsing=True, terminal_width=_WIDTH
        )
    return command, context


if __name__ == "__main__":
    made = pages()
    write_whole(PAGES, as_json(made))
    write_whole(PAGE, page(made))
