"""`sre demo`: the whole product on one machine, in under a minute."""

import contextlib
import threading
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from ops.demo import Demo, demonstrate
from ops.embedded import EmbeddedService
from sre.answer import Answer
from sre.demo_open import stay
from sre.exits import exit_of_verdict
from sre.run_screen import golden_progress, load_progress, print_verdict, verdict_table
from sre.screen import console


def demo(
    duration: Annotated[
        float | None, typer.Option(min=1, help="Seconds of load, instead of the profile's 20.")
    ] = None,
    open_: Annotated[
        bool,
        typer.Option("--open", help="Then keep a stack up, with console and status page."),
    ] = False,
) -> Answer:
    """Serve, load and question the calendar on this machine, and say which objectives hold.

    Needs nothing but this installation: the service runs on a free loopback port with temporary
    data. Leaves two run records and two self-contained HTML pages under runs/, and no process: one
    on the runs, and a report on the period, such as sre report weekly makes from a Prometheus.
    """
    aside = console(to_stderr=True)

    def on_serving(service: EmbeddedService) -> None:
        aside.print(f"the calendar service answers on {service.url}")

    aside.print("starting the calendar service and its database")
    result = demonstrate(
        duration_s=duration,
        on_serving=on_serving,
        watch_load=load_progress(aside),
        watch_golden=golden_progress(aside),
    )
    answer = Answer(
        _summary(result), lambda out: _show(out, result), exit_of_verdict(result.verdict)
    )
    if not open_:
        return answer
    _show(aside, result)
    with contextlib.suppress(KeyboardInterrupt):  # being stopped is how it ends
        stay(lambda line: aside.print(line, soft_wrap=True), threading.Event().wait)
    return replace(answer, screen=lambda out: out.print("stopped; nothing is left running"))


def _summary(result: Demo) -> dict[str, object]:
    return {
        "schema": "calendar-sre/demo/v1",
        "verdict": result.verdict,
        "rows": result.rows,
        "report": str(result.report),
        "period": str(result.period),
        "headline": result.headline,
        "runs": [result.load["id"], result.golden["id"]],
        "seconds": round(result.seconds, 1),
    }


def _show(out: Console, result: Demo) -> None:
    out.print(verdict_table(result.rows))
    out.print(f"report    {result.report}", soft_wrap=True)
    out.print(f"period    {result.period}", soft_wrap=True)
    out.print(f"          {result.headline}", soft_wrap=True)
    out.print(f"took      {result.seconds:.0f} s")
    print_verdict(out, result.verdict)
