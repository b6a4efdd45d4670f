"""`sre stack upgrade`: a new version of the service, one replica first."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from ops.stack import lifecycle
from ops.stack.upgrading import Outcome, Patience
from slo.edge.project_file import SHIPPED as CALENDAR
from slo.edge.project_file import load_project
from slo.verdict import Verdict
from sre.answer import Answer
from sre.screen import lines
from sre.stack import HomeFolder, say


def upgrade(
    image: Annotated[
        str | None, typer.Option("--image", help="Image of the service; else this checkout's.")
    ] = None,
    canary_for: Annotated[
        str, typer.Option("--canary-for", help="Watch the first replica so long; 0s: only ready.")
    ] = "1m",
    within: Annotated[
        str,
        typer.Option("--within", help="Take it back if its requests decide nothing by then."),
    ] = "10m",
    home: HomeFolder = None,
) -> Answer:
    """Replace every replica by a new version, without an interruption.

    One replica comes first and is judged by the objectives. Where it is not ready, or burns the
    budget, it is taken out and the old version stays: exit 1; 5 where too few requests came.
    """
    patience = Patience(_seconds("--canary-for", canary_for), _seconds("--within", within))
    if patience.within_s < patience.watch_s:
        raise BadInputError(
            f"--within {within} is shorter than --canary-for {canary_for}", hint="give it longer"
        )
    return answer_of(lifecycle.upgrade(home, image, load_project(CALENDAR), patience, say))


def _seconds(option: str, text: str) -> float:
    if text in {"0", "0s"}:
        return 0.0
    try:
        return float(parse_prometheus(text))
    except ValueError as err:
        raise BadInputError(f"{option} {text!r} is no time", hint="write 30s, 5m or 1h") from err


def answer_of(outcome: Outcome) -> Answer:
    """Return how an upgrade ended as the answer of the verb."""
    undecided = outcome.verdict in {Verdict.INCONCLUSIVE, Verdict.NO_DATA}
    code = Exit.HOLDS if outcome.is_done else Exit.NOT_ENOUGH_DATA if undecided else Exit.BAD
    data = {
        "schema": "calendar-sre/stack-upgrade/v1",
        "from": outcome.before,
        "to": outcome.after,
        "verdict": str(outcome.verdict),
        "serves": outcome.after if outcome.is_done else outcome.before,
        "reason": outcome.reason,
        "objectives": [{**asdict(one), "verdict": str(one.verdict)} for one in outcome.judged],
    }
    return Answer(data, lines(_lines(outcome)), code)


def _lines(outcome: Outcome) -> Iterator[str]:
    word = "upgraded" if outcome.is_done else "rolled back"
    yield f"{word}: {outcome.before} to {outcome.after}"
    yield f"{outcome.verdict}: {outcome.reason}"
    yield from (f"  {one.verdict} {one.objective}: {one.reason}" for one in outcome.judged)
    if not outcome.is_done:
        yield f"{outcome.before} serves as before"
