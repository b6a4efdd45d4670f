"""What load, golden and demo runs show: progress while they go, and one verdict table after."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kit.pure.words import counted
from synthetic.load.progress import Cleaning, Ended, OnProgress, Started, Tick
from synthetic.load.progress import Progress as LoadProgress

COLOURS: Final = {
    "PASS": "green",
    "FAIL": "red",
    "INCONCLUSIVE": "yellow",
    "NO DATA": "yellow",
    "CONTRADICTORY": "yellow",
    "NO BASELINE": "yellow",
}
PLAIN_EVERY_S: Final = 5.0
NONE: Final = "-"


@contextlib.contextmanager
def load_progress(console: Console) -> Iterator[OnProgress]:
    """Yield a callback for `synthetic.load.run`: a bar on a terminal, plain lines elsewhere."""
    if not console.is_terminal:
        yield _Lines(console).take
        return
    with _bars(console) as bars:
        yield _LoadBar(bars).take


@contextlib.contextmanager
def golden_progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for `synthetic.edge.golden.judged_answers`."""
    with _counted_progress(console, "golden", "case") as advance:
        yield advance


@contextlib.contextmanager
def mutant_progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for `synthetic.golden.mutation`."""
    with _counted_progress(console, "golden", "mutant") as advance:
        yield advance


@contextlib.contextmanager
def _counted_progress(
    console: Console, name: str, what: str
) -> Iterator[Callable[[int, int], None]]:
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    with _bars(console) as bars:
        task = bars.add_task(name, total=None, detail="")

        def advance(done: int, total: int) -> None:
            bars.update(
                task, completed=done, total=total, detail=f"{done:,} of {counted(total, what)}"
            )

        yield advance


def verdict_table(rows: Sequence[Mapping[str, object]]) -> Table:
    """Return the table of a record's `rows` (of one or of several records)."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("objective", no_wrap=True)
    for name in ("target", "measured", "95 % range", "of", "budget spent"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def print_verdict(console: Console, verdict: str, why: str = "") -> None:
    """Print the one line that a person looks for."""
    colour = COLOURS.get(verdict, "bold")
    console.print(f"[bold {colour}]{verdict}[/]" + (f"  {why}" if why else ""))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    name = str(row["display_name"])
    if row["threshold_s"] is not None:
        name += f" under {row['threshold_s']:g} s"
    if row["part"]:
        name += f" · {row['part']}"
    measured, spent = row["measured"], row["budget_spent"]
    colour = COLOURS.get(row["verdict"], "bold")
    return (
        name,
        f"{row['target'] * 100:g} %",
        NONE if measured is None else f"{measured['value'] * 100:.2f} %",
        NONE
        if measured is None
        else f"{measured['low'] * 100:.2f} to {measured['high'] * 100:.2f}",
        f"{row['total']:,}",
        NONE if spent is None else f"{spent:.0%}",
        "not measurable" if row.get("unmeasurable") else f"[{colour}]{row['verdict']}[/]",
    )


def _bars(console: Console) -> Progress:
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=28),
        TextColumn("{task.detail}"),
        TimeRemainingColumn(compact=True),
    )
    return Progress(*columns, console=console, transient=True)


def tick_text(tick: Any) -> str:
    """Return a progress event of a load run in one line."""
    p95 = NONE if tick.p95_ms is None else f"{tick.p95_ms:.0f} ms"
    spent = tick.budget_spent
    lag = NONE if tick.lag_p99_ms is None else f"{tick.lag_p99_ms:.0f} ms"
    return (
        f"{tick.rate_per_s:.0f}/s · p95 {p95} · {tick.failed} failed · {tick.dropped} dropped"
        f" · lag {lag}" + (f" · budget {spent:.0%}" if spent is not None else "")
    )


class _LoadBar:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("starting", total=None, detail="the load generator")

    def take(self, event: LoadProgress) -> None:
        if isinstance(event, Started):
            self._bars.update(self._task, description=event.profile, total=event.duration_s)
        elif isinstance(event, Tick):
            self._bars.update(self._task, completed=event.elapsed_s, detail=tick_text(event))
        elif isinstance(event, Cleaning):
            self._bars.update(self._task, description="cleaning", detail="removing what it made")


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console, self._next_s = console, PLAIN_EVERY_S

    def take(self, event: LoadProgress) -> None:
        if isinstance(event, Started):
            self._console.print(
                f"{event.profile}: {counted(event.arrivals, 'request')} in {event.duration_s:g} s "
                f"to {event.target_url}"
            )
        elif isinstance(event, Tick) and event.elapsed_s >= self._next_s:
            self._next_s += PLAIN_EVERY_S
            self._console.print(f"{event.elapsed_s:5.0f} s  {tick_text(event)}")
        elif isinstance(event, Ended):
            self._console.print(
                f"{counted(event.requests, 'request')} done, "
                f"{counted(event.removed, 'event')} removed"
            )
