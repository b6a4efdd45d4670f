"""Ask a live service over HTTP what a sentence means."""

import contextlib
import time
from collections.abc import Iterator

import httpx2

from kit.edge.target import Access
from synthetic.edge.golden.judged_answers import Ask
from synthetic.golden.case import Case
from synthetic.golden.run_value import Answer
from synthetic.golden.stages import Explain


@contextlib.contextmanager
def over_http(url: str, *, access: Access, timeout_s: float = 10.0) -> Iterator[Ask]:
    """Yield a way to ask `POST /parse` of the service at `url`; safe to use from many threads."""
    with access.client(url, timeout_s=timeout_s) as client:

        def ask(case: Case) -> Answer:
            began = time.perf_counter()
            body = {"text": case.text, "now": case.now, "timezone": case.timezone}
            try:
                answer = client.post("/parse", json=body)
            except httpx2.TimeoutException:
                return Answer(None, problem=f"no answer within {timeout_s:g} s")
            except httpx2.HTTPError as err:
                return Answer(None, problem=f"no answer: {err}")
            return _read(answer, time.perf_counter() - began)

        yield ask


@contextlib.contextmanager
def explained_over_http(url: str, *, access: Access, timeout_s: float = 10.0) -> Iterator[Explain]:
    """Yield a way to ask the service at `url` what it found in a sentence."""
    with access.client(url, timeout_s=timeout_s) as client:

        def explain(case: Case) -> frozenset[str] | None:
            body = {"text": case.text, "now": case.now, "timezone": case.timezone}
            try:
                answer = client.post("/parse", json={**body, "explain": True}).json()
                return frozenset(one["part"] for one in answer["explanation"]["evidence"])
            except (httpx2.HTTPError, ValueError, KeyError, TypeError):
                return None  # not every service explains itself; the verdict needs none of it

        yield explain


def _read(answer: httpx2.Response, latency_s: float) -> Answer:
    if answer.status_code != httpx2.codes.OK:
        return Answer(None, latency_s=latency_s, problem=f"HTTP {answer.status_code}")
    try:
        content = answer.json()
    except ValueError:
        return Answer(None, latency_s=latency_s, problem="the answer is not JSON")
    event = content.get("event") if isinstance(content, dict) else None
    if not isinstance(event, dict):
        return Answer(None, latency_s=latency_s, problem="the answer holds no event")
    confidence = content.get("confidence")
    sure = float(confidence) if isinstance(confidence, int | float) else None
    return Answer(event, sure, content.get("source"), latency_s)
