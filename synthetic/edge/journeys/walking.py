"""Walk the steps of a journey against a live service."""

import contextlib
from datetime import datetime

import httpx2

from synthetic.steps.checking import taken
from synthetic.steps.errors import StepFailedError, UnknownVariableError
from synthetic.steps.sending import CONTENT_TYPES, written
from synthetic.steps.step import Journey, Reply, Step
from synthetic.steps.templates import path_filled, text_filled
from synthetic.steps.tracing import traceparent


def walk(
    journey: Journey, client: httpx2.Client, *, tag: str, now: datetime, trace_id: str
) -> None:
    """Do every step; raises StepFailedError for the first that fails, after the cleaning.

    `tag` marks what is created; it and `now` are variables. All requests are of the trace
    `trace_id`, 32 hex digits.
    """
    client.headers.update(traceparent(trace_id, trace_id[:16]))
    variables: dict[str, object] = {"tag": tag, "now": now.isoformat()}
    try:
        for step in journey.steps:
            variables.update(_done(step, client, variables))
    except StepFailedError:
        for step in journey.clean:
            with contextlib.suppress(StepFailedError):  # leave nothing, and tell the first failure
                _done(step, client, variables)
        raise


def _done(step: Step, client: httpx2.Client, variables: dict[str, object]) -> dict[str, object]:
    try:
        return taken(step, _asked(step, client, variables), variables)
    except UnknownVariableError as err:
        raise StepFailedError(step.name, str(err)) from err


def _asked(step: Step, client: httpx2.Client, variables: dict[str, object]) -> Reply:
    content = written(step.body_kind, step.body, variables)
    kind = {} if content is None else {"Content-Type": CONTENT_TYPES[step.body_kind]}
    own = {name: text_filled(value, variables) for name, value in step.headers}
    try:
        answer = client.request(
            step.method, path_filled(step.path, variables), headers=kind | own, content=content
        )
    except httpx2.TimeoutException as err:
        advice = "is the service overloaded? see sre check performance"
        why = f"no answer within {client.timeout.read:g} s"
        raise StepFailedError(step.name, why, advice=advice, answered=False) from err
    except httpx2.HTTPError as err:
        advice = "is the service running, and is this its address?"
        why = f"no answer: {err}"
        raise StepFailedError(step.name, why, advice=advice, answered=False) from err
    return Reply(answer.status_code, _content(answer, step), dict(answer.headers), answer.text)


def _content(answer: httpx2.Response, step: Step) -> object:
    """Return the JSON of an answer, None for an empty one."""
    places = [*(check.path for check in step.checks), *(where for _, where in step.save)]
    looked_at = any(place.startswith("$") for place in places)
    if not answer.content or not looked_at or not step.accepts(answer.status_code):
        return None
    try:
        return answer.json()
    except ValueError as err:
        raise StepFailedError(step.name, "the answer is not JSON") from err
