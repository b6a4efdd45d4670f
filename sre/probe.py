"""`sre probe`: walk a user's journeys against a live service."""

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from wsgiref.simple_server import WSGIServer

import typer
from prometheus_client import CollectorRegistry, start_http_server

from kit.edge.access import access, target_url
from kit.edge.target import normalised
from kit.pure.errors import UnreachableError
from kit.pure.exits import Exit
from slo.edge.project_file import load_project
from slo.project.project import Project as Of
from sre.answer import Answer
from sre.options import Project, Target, Timeout
from synthetic.edge.golden.accuracy_probe import accuracy_probe
from synthetic.edge.golden.sets import golden_set
from synthetic.edge.journeys.browser_walking import browser_journeys_of, walk_in_browser
from synthetic.edge.journeys.files import journeys_of, load_days_off
from synthetic.edge.journeys.metrics import ProbeMetrics
from synthetic.edge.journeys.prober import ProbeResult, probe_for_ever, probe_once
from synthetic.golden.case import Case

_LINE: Final = "calendar-sre/probe-run/v1"


def once(
    target: Target = None,
    timeout: Timeout = 10.0,
    browser: Annotated[
        bool, typer.Option("--browser", help="Walk the pages as well, in this machine's chromium.")
    ] = False,
    project: Project = None,
) -> Answer:
    """Walk every journey once and say how each went.

    Exits 0 when all succeed, 1 when one fails, 3 when what fails is only that nothing answers.
    """
    of = load_project(project)
    url = target_url(target, of.places.target)
    results = list(probe_once(url, journeys_of(of), access=access(), timeout_s=timeout))
    if browser:
        pages = browser_journeys_of(of)
        results += walk_in_browser(url, pages, access=access(), timeout_s=timeout)
    data = {
        "schema": "calendar-sre/probe-once/v1",
        "journeys": [_entry(result) for result in results],
    }
    lines = "\n".join(_line(result) for result in results)
    return Answer(data, lambda out: out.print(lines, markup=False), exit_of(results))


def exit_of(results: Sequence[ProbeResult]) -> Exit:
    """Return 1 when a journey was answered wrongly, 3 when all that fail got no answer."""
    failed = [result for result in results if not result.success]
    if not failed:
        return Exit.HOLDS
    return Exit.BAD if any(result.answered for result in failed) else Exit.UNREACHABLE


def run(
    target: Target = None,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between walks.")] = 30.0,
    timeout: Timeout = 10.0,
    project: Project = None,
    host: Annotated[str, typer.Option(help="Address of /metrics.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of /metrics; 0 takes a free one.")
    ] = 9115,
    golden_every: Annotated[
        float, typer.Option(min=0, help="Seconds between golden runs; 0 makes none.")
    ] = 3600.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each result as one line of JSON.")
    ] = False,
) -> None:
    """Walk the journeys until stopped, and export how they went.

    Exports probe_success and probe_duration_seconds, and the gauge of [metrics.accuracy] by the
    golden set, which is asked every --golden-every seconds; where the project names a file of days
    off (`days_off` in [paths]), probe_day_off and probe_days_off_end_timestamp_seconds too.
    """
    of = load_project(project)
    journeys, cases = journeys_of(of), _golden(of) if golden_every else ()
    url, metrics = target_url(target, of.places.target), ProbeMetrics(journeys)
    normalised(url)  # a wrong one is refused at once
    if of.paths.days_off is not None:
        days_off = load_days_off(Path(of.paths.days_off))
        metrics.show_days_off(days_off, of.name, lambda: datetime.now(UTC))
    server, thread = _listen(host, port, metrics.registry)

    def take(result: ProbeResult) -> None:
        metrics.take(result)
        typer.echo(json.dumps({"schema": _LINE, **_entry(result)}) if as_json else _line(result))

    def tell(line: str) -> None:
        typer.echo(line, err=True)

    golden = accuracy_probe(
        cases, url, of, metrics.registry, every_s=golden_every if cases else 0, tell=tell
    )
    try:
        with golden:
            probe_for_ever(
                url,
                journeys,
                access=access(),
                every_s=every,
                on_result=take,
                stop=threading.Event(),
                timeout_s=timeout,
            )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _golden(project: Of) -> tuple[Case, ...]:
    """Return the golden set; says on the screen where the project has none to publish."""
    if project.golden is None or project.roles.accuracy is None:
        typer.echo("note: left out: golden runs (no [golden] and [metrics.accuracy])", err=True)
        return ()
    return golden_set(project).cases


def _listen(
    host: str, port: int, registry: CollectorRegistry
) -> tuple[WSGIServer, threading.Thread]:
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as err:
        raise UnreachableError(
            f"cannot listen on {host}:{port}: {err.strerror}",
            hint="another prober may be running; choose another --port",
        ) from err
    typer.echo(f"metrics on http://{host}:{server.server_port}/metrics", err=True)
    return server, thread


def _entry(result: ProbeResult) -> dict[str, object]:
    return {
        "journey": result.journey,
        "at": result.at.isoformat(timespec="milliseconds"),
        "success": result.success,
        "answered": result.answered,
        "duration_s": result.duration_s,
        "problem": result.problem,
        "advice": result.advice,
        "trace_id": result.trace_id,
    }


def _line(result: ProbeResult) -> str:
    state = "ok  " if result.success else "FAIL"
    line = f"{result.at:%H:%M:%S} {state} {result.journey} {result.duration_s * 1000:.0f} ms"
    if result.problem is None:
        return line
    trace = f" (trace {result.trace_id})" if result.trace_id else ""
    return f"{line}  {result.problem}; {result.advice}{trace}"
