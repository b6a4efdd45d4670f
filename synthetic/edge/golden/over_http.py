"""Ask a live service over HTTP what a sentence means."""

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import httpx2

from kit.edge.target import Access
from synthetic.edge.golden.judged_answers import Ask
from synthetic.golden.case import Case
from synthetic.golden.run_value import Answer
from synthetic.golden.spec import Spec
from synthetic.golden.stages import Explain
from synthetic.steps.errors import UnknownVariableError
from synthetic.steps.sending import CONTENT_TYPES, written
from synthetic.steps.step import Step, value_at, values_at
from synthetic.steps.templates import path_filled, text_filled
from synthetic.steps.tracing import TRACEPARENT, trace_id_in, traceparent

_TRIES: Final = 8
_WAIT_S: Final = 2.0
_LONGEST_WAIT_S: Final = 10.0


@contextlib.contextmanager
def over_http(url: str, *, access: Access, timeout_s: float = 10.0) -> Iterator[Ask]:
    """Yield a way to ask the service at `url` what a case's set asks; for many threads at once."""
    with access.client(url, timeout_s=timeout_s) as client:

        def ask(case: Case) -> Answer:
            try:
                began, answer = _patiently(client, case)
            except UnknownVariableError as err:
                return Answer(None, problem=str(err))
            except httpx2.TimeoutException:
                return Answer(None, problem=f"no answer within {timeout_s:g} s")
            except httpx2.HTTPError as err:
                return Answer(None, problem=f"no answer: {err}")
            read = _read(case.spec, answer, time.perf_counter() - began)
            trace_id = trace_id_in(answer.request.headers.get(TRACEPARENT, ""))
            return replace(read, trace_id=trace_id)

        yield ask


@contextlib.contextmanager
def explained_over_http(url: str, *, access: Access, timeout_s: float = 10.0) -> Iterator[Explain]:
    """Yield a way to ask the service at `url` what it found in a sentence."""
    with access.client(url, timeout_s=timeout_s) as client:

        def explain(case: Case) -> frozenset[str] | None:
            if case.spec.explain is None or case.spec.parts is None:
                return None
            try:
                content = _asked(client, case.spec.explain, case).json()
            except (httpx2.HTTPError, ValueError):
                return None
            if not values_at(case.spec.parts.partition("[*]")[0], content):
                return None  # not every service explains itself; the verdict needs none of it
            return frozenset(map(str, values_at(case.spec.parts, content)))

        yield explain


def _patiently(client: httpx2.Client, case: Case) -> tuple[float, httpx2.Response]:
    """Ask, and again where that is too often just now; return when the last began, and its answer.

    Who is told to come back (429, RFC 6585) waits as long as `Retry-After` says, within limits.
    """
    for left in reversed(range(_TRIES)):
        began = time.perf_counter()
        answer = _asked(client, case.spec.request, case)
        if answer.status_code != httpx2.codes.TOO_MANY_REQUESTS or not left:
            break
        wait = answer.headers.get("Retry-After", "")
        time.sleep(min(float(wait) if wait.isdecimal() else _WAIT_S, _LONGEST_WAIT_S))
    return began, answer


def _asked(client: httpx2.Client, step: Step, case: Case) -> httpx2.Response:
    clock = {"now": case.now, "timezone": case.timezone} if case.now else {}
    variables = {**clock, **case.inputs, "text": case.text, "id": case.id}
    content = written(step.body_kind, step.body, variables)
    kind = {} if content is None else {"Content-Type": CONTENT_TYPES[step.body_kind]}
    own = {name: text_filled(value, variables) for name, value in step.headers}
    trace_id = secrets.token_hex(16)
    headers = traceparent(trace_id, trace_id[:16]) | kind | own
    path = path_filled(step.path, variables)
    return client.request(step.method, path, headers=headers, content=content)


def _read(spec: Spec, answer: httpx2.Response, latency_s: float) -> Answer:
    if not spec.request.accepts(answer.status_code):
        return Answer(None, latency_s=latency_s, problem=f"HTTP {answer.status_code}")
    try:
        content = answer.json()
    except ValueError:
        return Answer(None, latency_s=latency_s, problem="the answer is not JSON")
    event = value_at(spec.answer, content)
    if not isinstance(event, dict):
        problem = f"the answer holds no object at {spec.answer}"
        return Answer(None, latency_s=latency_s, problem=problem)
    confidence = value_at(spec.confidence, content) if spec.confidence else None
    is_number = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    sure = float(confidence) if is_number else None  # type: ignore[arg-type]
    source = value_at(spec.source, content) if spec.source else None
    return Answer(event, sure, None if source is None else str(source), latency_s)
