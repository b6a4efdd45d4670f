"""Where `sre` begins: a page of help is read from a file, anything else is run."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PAGES: Final = Path(__file__).resolve().parent / "help.json"
"""The help of every verb by what is typed, made by `python -m sre.reference`."""


def main() -> None:
    """Run `sre` and leave with a documented exit code."""
    words = sys.argv[1:]
    page = help_page(words)
    if page is not None:
        _show(page)
        return
    from sre.running import leave  # noqa: PLC0415 -- help is a page: it waits for no command

    leave(words)


def help_page(words: Sequence[str]) -> str | None:
    """Return the page that is asked for, None when the words ask for something else."""
    if not words or words[-1] != "--help":
        return None
    pages: dict[str, str] = json.loads(PAGES.read_text(encoding="utf-8"))
    return pages.get(" ".join(words[:-1]))


def _show(page: str) -> None:
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(page)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough; the interpreter flushes once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
