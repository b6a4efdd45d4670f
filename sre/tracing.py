"""`sre trace`: which requests were slow or failed, and where their time went."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.outputs import check_writable
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.moments import moment_of
from kit.pure.words import counted, milliseconds
from sre.answer import Answer
from sre.options import End, Since, span_of
from sre.screen import table_of
from sre.trace_data import listed, of_slow, of_trace
from sre.trace_screen import slow_lines
from traces.choosing import between, named
from traces.edge.files import Reading, read
from traces.page import page
from traces.slow import slow_of
from traces.span import Trace
from traces.telling import began, waterfall

_Folders = Annotated[
    list[Path] | None,
    typer.Option(
        "--logs", help="Folder of log files, once for each instance; else CALENDAR_LOG_DIR."
    ),
]
_Route = Annotated[
    str | None, typer.Option("--route", help="Of this route only, such as 'GET /orders'.")
]


def list_(
    logs: _Folders = None,
    since: Since = "1h",
    until: End = "now",
    route: _Route = None,
    why: Annotated[
        str | None, typer.Option("--why", help="Kept for this reason only: failed, slow, sampled.")
    ] = None,
    slowest: Annotated[
        bool, typer.Option("--slowest", help="The slowest first, not the latest.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 20,
) -> Answer:
    """List the requests whose trace was kept, the latest first."""
    start, end = _window(since, until)
    reading = read(_folders(logs), since=start)
    chosen = _of_route(between(reading.traces, start, end), route)
    chosen = [trace for trace in chosen if why is None or trace.why == why]
    if not chosen:
        raise _nothing(reading, start, end)
    chosen.sort(key=lambda t: t.root.ms if slowest else t.root.end_ns, reverse=True)
    shown = chosen[:limit]

    def screen(terminal: Console) -> None:
        table = table_of("began", "route", "status", "took", "kept", "trace", "request")
        for trace in shown:
            table.add_row(began(trace), trace.route, trace.status, milliseconds(trace.root.ms),
                          trace.why, trace.id, trace.request_id)  # fmt: skip
        terminal.print(table)
        for note in reading.notes():
            terminal.out(note)
        if len(chosen) > limit:
            terminal.out(f"and {counted(len(chosen) - limit, 'trace')} more: --limit shows them")

    return Answer(listed(shown, len(chosen), reading.notes()), screen)


def show(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="Trace id or its beginning, request id or span id.")
    ],
    logs: _Folders = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write it as a page to this file.")
    ] = None,
) -> Answer:
    """Show what one request did: which part ran inside which, when, and for how long."""
    check_writable(html)
    reading = read(_folders(logs))
    trace = named(reading.traces, wanted)
    if html is not None:
        write_whole(html, page(trace))

    def screen(terminal: Console) -> None:
        for line in [*waterfall(trace), *reading.notes()]:
            terminal.out(line)
        if html is not None:
            terminal.out(f"written to {html}")

    return Answer(of_trace(trace, reading.notes(), html), screen)


def slow(
    logs: _Folders = None, since: Since = "1h", until: End = "now", route: _Route = None
) -> Answer:
    """Say what kept requests slow: the share of each part, route, instance and release.

    The time of --since is compared with as long a time before it. Exits 5 when no slow or failed
    request was kept.
    """
    start, end = _window(since, until)
    earlier = start - (end - start)
    reading = read(_folders(logs), since=earlier)
    current = _of_route(between(reading.traces, start, end), route)
    found = slow_of(current, _of_route(between(reading.traces, earlier, start), route))
    if not found.requests:
        raise _nothing(reading, start, end)

    def screen(terminal: Console) -> None:
        for line in [*slow_lines(found, start, end), *reading.notes()]:
            terminal.out(line)

    return Answer(of_slow(found, start, end, reading.notes()), screen)


def _folders(logs: list[Path] | None) -> list[Path]:
    if logs:
        return logs
    if where := os.environ.get("CALENDAR_LOG_DIR"):
        return [Path(where)]
    raise BadInputError("no folder of logs is named", hint="give --logs, or set CALENDAR_LOG_DIR")


def _window(since: str, until: str) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    end = now + timedelta(seconds=1) if until == "now" else moment_of(until, now)
    return end - span_of(since), end


def _of_route(traces: list[Trace], route: str | None) -> list[Trace]:
    """Return those of a route, with its method or for any."""
    return [
        trace
        for trace in traces
        if route is None or route in {trace.route, trace.root.text("http.route")}
    ]


def _nothing(reading: Reading, start: datetime, end: datetime) -> NotEnoughDataError:
    span = f"{start:%Y-%m-%dT%H:%M:%SZ} to {end:%Y-%m-%dT%H:%M:%SZ}"
    known = f"{counted(len(reading.traces), 'trace')} in {counted(reading.files, 'file')}"
    broken = f"; {'; '.join(reading.notes())}" if reading.notes() else ""
    return NotEnoughDataError(
        f"no such trace was kept from {span}, of {known}{broken}",
        hint="look further back with --since, or at other instances with --logs",
    )
