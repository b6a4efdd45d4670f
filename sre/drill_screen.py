"""What a drill shows: a line when something happens, and afterwards what it proved."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from ops.drills.drill import Drill
from sre.run_screen import print_verdict
from sre.screen import console, table_of


@contextlib.contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Yield what takes a line of progress: a spinner above it on a terminal, plain elsewhere."""
    aside, began_s = console(to_stderr=True), time.monotonic()

    def tell(line: str) -> None:
        aside.print(f"{time.monotonic() - began_s:5.0f} s  {line}", markup=False)

    if not aside.is_terminal:
        yield tell
        return
    with aside.status("drill"):
        yield tell


def print_drills(out: Console, drills: Sequence[Drill]) -> None:
    """Print a line a drill."""
    table = table_of("drill", "breaks", "must arrive", "about")
    for drill in drills:
        wanted = ", ".join(f"{e.alert} ({e.priority})" for e in drill.expects) or "nothing"
        table.add_row(drill.name, drill.breaks, wanted, f"{drill.about_s} s")
    out.print(table)


def print_outcomes(out: Console, found: Sequence[tuple[Mapping[str, object], Path | None]]) -> None:
    """Print what each drill's record says, in the order in which a person asks."""
    for record, path in found:
        _print_outcome(out, record, path)


def _print_outcome(out: Console, record: Mapping[str, Any], path: Path | None) -> None:
    out.print()
    out.print(f"{record['config']['drill']}: {record['config']['breaks']}", markup=False)
    if record["alerts"]:
        out.print(_alerts(record))
    _print_users(out, record)
    for check in record["checks"]:
        state = "holds" if check["holds"] else "DOES NOT HOLD"
        out.print(f"{state:<10}{check['what']}", markup=False)
    print_verdict(out, record["verdict"])
    for reason in record["reasons"]:
        out.print(f"          {reason}", markup=False)
    out.print(f"record    {path or 'not kept'}", markup=False)


def _alerts(record: Mapping[str, Any]) -> Any:
    table = table_of("alert", "priority", "receiver", "fires after", "as shipped", "resolved after")
    for each in record["alerts"]:
        after_s = each["told_after_s"]
        shipped = each["told_after_as_shipped_s"]
        table.add_row(
            each["alert"],
            each["priority"] or each["expected"]["priority"],
            each["receiver"] or each["expected"]["receiver"],
            "never" if after_s is None else f"{after_s:.1f} s",
            "" if shipped is None else f"at most {shipped} s",
            _seconds(each["back_after_s"], "never"),
        )
    return table


def _print_users(out: Console, record: Mapping[str, Any]) -> None:
    impact, lost = record["impact"], record["lost"]
    if impact is not None:
        out.print(
            f"users     {impact['failed']:,} of {impact['requests']:,} requests failed "
            f"({impact['failed_share']:.1%}), worst answer {impact['worst_s']:.2f} s; "
            f"served again {_seconds(record['recovered_after_s'], 'never')} after mending began"
        )
    if lost is not None:
        late = record["lost_as_expected"]
        more = f", and {late:,} since what is kept: {record['keeps']}" if late else ""
        out.print(f"events    {record['acknowledged']:,} acknowledged, {len(lost):,} lost{more}")


def _seconds(value: float | None, never: str) -> str:
    return never if value is None else f"{value:.1f} s"
