"""Where verbs print: rich on a terminal, plain and unwrapped elsewhere."""

import sys
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.table import Table

_PIPED_WIDTH = 200


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command's end, which knows that `sre … | head` is no failure."""
        raise  # noqa: PLE0704 -- rich calls this where it has caught the error


def console(*, to_stderr: bool = False) -> Console:
    """Return a console; output that is piped has no colour, no motion and long lines."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else _PIPED_WIDTH
    return _Screen(file=stream, width=width, highlight=False, soft_wrap=not stream.isatty())


def table_of(*columns: str) -> Table:
    """Return a table without lines, so that piped output is columns and nothing else."""
    return Table(*columns, box=None, pad_edge=False, header_style="bold")


def lines(texts: Iterable[str]) -> Callable[[Console], None]:
    """Return a screen of these lines, each printed as it is and never folded."""
    kept = tuple(texts)

    def screen(terminal: Console) -> None:
        for text in kept:
            terminal.out(text)

    return screen
