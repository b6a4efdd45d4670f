"""`sre drill histories`: concurrent clients under faults, and whether every promise was kept."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kit.edge import records
from kit.edge.containers.session import engine_session
from kit.edge.outputs import check_records, check_writable
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, HarnessError
from kit.pure.fields import closest
from ops.histories.edge.arena import arena
from ops.histories.edge.running import KINDS, run_histories
from ops.histories.page import page_of, telling_most
from ops.histories.run import HistoryRun, to_record
from sre.answer import Answer
from sre.drill_screen import telling
from sre.exits import exit_of_verdict
from sre.run_screen import print_verdict
from sre.screen import table_of


def histories(
    fault: Annotated[
        list[str] | None, typer.Option(help="A kind of fault, again for more; all when left out.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Histories of each kind.")] = 3,
    first_seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    shrink: Annotated[
        int, typer.Option(min=0, max=500, help="Replays to shorten a plan that broke a promise.")
    ] = 20,
    page: Annotated[
        Path | None, typer.Option(help="Also write a page with a history drawn.")
    ] = None,
) -> Answer:
    """Let clients work through seeded faults, and hold what they were told against each promise.

    Two instances of the service, MongoDB and Redis run on loopback behind a fault proxy. A history
    is broken when no order of events explains it; the shortest part that proves it is in the record
    in runs/history, and drawn on the page. 0 violations exit 0, any 1; 5 when a history could not
    be played to its end. The same seed makes the same plan, not the same timing.
    """
    wanted = _known(fault or list(KINDS))
    check_records("history")
    check_writable(page)
    with telling() as tell, engine_session(tell), arena(f"histories-{os.getpid()}", tell) as lab:
        run = run_histories(wanted, range(first_seed, first_seed + seeds), lab, tell, again=shrink)
    record = to_record(run, commit=records.commit(), machine=records.machine())
    path, trouble = None, None
    try:
        path = records.save("history", record)
        if page is not None:
            write_whole(page, page_of(run, drawing=telling_most(run.judged)))
    except HarnessError as err:
        trouble = err  # the verdict stands all the same
    return answer_of(run, record, path, page, trouble)


def answer_of(
    run: HistoryRun, record: dict[str, Any], path: Path | None, page: Path | None,
    trouble: HarnessError | None,
) -> Answer:  # fmt: skip
    """Return what a run showed, by its record and where that is kept."""
    data = {
        "schema": "calendar-sre/histories-run/v1",
        "verdict": record["verdict"],
        "run": record,
        "record": str(path) if path else None,
        "page": str(page) if page else None,
    }
    code = exit_of_verdict(run.verdict)
    return Answer(data, lambda out: _print(out, record, path, page), code, trouble)


def _known(wanted: list[str]) -> list[str]:
    for name in wanted:
        if name not in KINDS:
            raise BadInputError(f"no kind of fault is called {name!r}", hint=closest(name, KINDS))
    return wanted


def _print(out: Console, record: dict[str, Any], path: Path | None, page: Path | None) -> None:
    table = table_of("fault", "histories", "requests", "acknowledged", "refused", "unknown",
                     "violations")  # fmt: skip
    for row in record["faults"]:
        numbers = [f"{row[key]:,}" for key in list(row)[1:]]
        table.add_row(row["fault"], *numbers)
    out.print(table)
    print_verdict(out, record["verdict"])
    writes = record["acknowledged"]
    out.print(f"          {record['histories']:,} histories, {writes:,} acknowledged writes",
              markup=False)  # fmt: skip
    for each in record["violations"]:
        where = f"{each['fault']}, seed {each['seed']}"
        out.print(f"broken    {where}: {each['promise']}: {each['what']}", markup=False)
    for each in record["void"]:
        out.print(f"void      {each['fault']}, seed {each['seed']}: {each['why']}", markup=False)
    out.print(f"record    {path or 'not kept'}", markup=False)
    if page is not None:
        out.print(f"page      {page}", markup=False)
