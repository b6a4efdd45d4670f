"""How far a backup or restore is: a bar on a terminal, a line for each finished part elsewhere."""

import contextlib
import sys
from collections.abc import Iterator

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from ops.backup.progress import Progress
from sre.screen import console


@contextlib.contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield a function that shows progress on standard error."""
    if sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _line


def _line(what: str, done: int, total: int) -> None:
    if done == total:
        sys.stderr.write(f"{what}: {done:,}\n")


@contextlib.contextmanager
def _bar() -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Bar(*columns, console=console(to_stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        yield tell
