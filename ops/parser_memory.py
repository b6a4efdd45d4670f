"""Let the parser of this installation forget what it has worked out."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Final

from service.parsing.grammar import pipeline

PARSER: Final = "service.parsing"


@contextlib.contextmanager
def forgetting() -> Iterator[None]:
    """Let nothing that was worked out outside be used inside, and the other way round."""
    forget()
    try:
        yield
    finally:
        forget()


def forget() -> None:
    """Clear every cache of the parser."""
    pipeline.forget()
    for name, module in [*sys.modules.items()]:
        if name.startswith(PARSER):
            for found in vars(module).values():
                if callable(clear := getattr(found, "cache_clear", None)):
                    clear()
