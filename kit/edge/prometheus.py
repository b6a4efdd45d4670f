"""Ask a Prometheus server over HTTP, with a bound on time and size."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import httpx2 as httpx
import numpy as np

from kit.edge.tls import authorities
from kit.pure.answers import Answer, Series
from kit.pure.errors import HarnessError, UnreachableError, reason_of
from kit.pure.prometheus_api import PROMETHEUS_EXAMPLE, no_prometheus, read_answer
from kit.pure.query import Query
from kit.pure.urls import address_of

_MOST_BYTES: Final = 64 * 2**20
_MOST_SERIES: Final = 5_000
_AT_ONCE: Final = 4
_OK: Final = 200


class QueryRefusedError(HarnessError):
    """Prometheus answers, but not to this question."""


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A server at `url`; `timeout_s` bounds each request, on both sides."""

    url: str
    timeout_s: float = 30.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        place = address_of(self.url, example=PROMETHEUS_EXAMPLE)
        object.__setattr__(self, "url", place.url)
        # The server's own time-out comes first, so that its reason is what people read.
        client = httpx.Client(
            base_url=place.url,
            headers={**self.headers, **place.headers},
            timeout=self.timeout_s + 2,
            verify=authorities(),
        )
        object.__setattr__(self, "_client", client)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, **parameters: str) -> Any:
        """Return the `data` of an API answer, for instance of `/api/v1/rules`.

        Raises UnreachableError, or QueryRefusedError with Prometheus's own reason.
        """
        return self._envelope("GET", path, parameters)["data"]

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        """Return a vector (or scalar) at an instant, one point a series."""
        asked = {"query": expression, "time": f"{at_s:.3f}", "timeout": f"{self.timeout_s:g}s"}
        return self._asked("/api/v1/query", asked)

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        """Return a matrix from `start_s` to `end_s`, both included, in steps."""
        asked = {
            "query": expression,
            "start": f"{start_s:.3f}",
            "end": f"{end_s:.3f}",
            "step": f"{step_s:g}",
            "timeout": f"{self.timeout_s:g}s",
        }
        return self._asked("/api/v1/query_range", asked)

    def answer(self, query: Query) -> Answer:
        """Return the answer to one query; a refusal is an answer with a problem."""
        try:
            if query.is_instant:
                return Answer(self.instant(query.expression, query.start_s))
            found = self.range(query.expression, query.start_s, query.end_s, query.step_s)
        except QueryRefusedError as err:
            return Answer(problem=str(err))
        return Answer(found)

    def answers(
        self, queries: Iterable[Query], ask: Callable[[Query], Answer] | None = None
    ) -> dict[str, Answer]:
        """Return the answer to each query by its name, a few asked at once.

        `ask` is how one is asked, by default as it stands.

        Raises UnreachableError when the server does not answer the first; one that falls silent
        later leaves problems in the answers.
        """
        asked = tuple(queries)
        if not asked:
            return {}
        first = self.answer(asked[0]) if ask is None else ask(asked[0])
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            rest = pool.map(ask or self.answer_or_problem, asked[1:])
            return {query.name: got for query, got in zip(asked, (first, *rest), strict=True)}

    def answer_or_problem(self, query: Query) -> Answer:
        """Return the answer to one query; a refusal, and silence, are answers with a problem."""
        try:
            return self.answer(query)
        except UnreachableError as err:
            return Answer(problem=str(err))

    def _asked(self, path: str, asked: Mapping[str, str]) -> tuple[Series, ...]:
        reply = self._envelope("POST", path, asked)
        if warned := [one for one in reply.get("warnings", ()) if not _is_advice(one)]:
            raise QueryRefusedError(
                f"the answer is not whole: {'; '.join(map(str, warned))}",
                hint=f"so says the Prometheus at {self.url}",
            )
        try:
            return _series(reply["data"])
        except (KeyError, TypeError, ValueError, IndexError) as err:
            raise no_prometheus(self.url, f"{path} without series") from err

    def _envelope(self, method: str, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return a successful answer of the API: its `data`, and maybe `warnings`."""
        where = {"params": asked} if method == "GET" else {"data": asked}
        try:
            with self._client.stream(method, path, **where) as response:  # type: ignore[arg-type]
                body = _bounded(response)
                status = response.status_code
        except httpx.HTTPError as err:
            raise UnreachableError(
                f"Prometheus at {self.url} does not answer: {reason_of(err)}",
                hint="check the URL (--prometheus or SRE_PROMETHEUS_URL) and that it runs",
            ) from err
        reply = read_answer(self.url, path, status, body)
        if status != _OK or reply["status"] != "success":
            reason = str(reply.get("error", f"HTTP {status}"))
            raise QueryRefusedError(reason, hint=f"so says the Prometheus at {self.url}")
        return dict(reply)


def _is_advice(warning: object) -> bool:
    """Say whether a warning is about how a query is written, not about what was left out."""
    return str(warning).startswith("PromQL info:")


def connect(url: str, *, timeout_s: float = 30.0) -> Prometheus:
    """Return the Prometheus at `url`, asked with SRE_PROMETHEUS_TOKEN when that is set.

    Nothing is sent yet. Raises BadInputError when `url` is no URL.
    """
    return Prometheus(url, timeout_s, prometheus_headers())


def prometheus_headers() -> dict[str, str]:
    """Return what every request to Prometheus carries: SRE_PROMETHEUS_TOKEN when that is set."""
    token = os.environ.get("SRE_PROMETHEUS_TOKEN")
    return {"Authorization": f"Bearer {token}"} if token else {}


def prometheus_url(given: str | None) -> str | None:
    """Return the URL of Prometheus: the one given, else SRE_PROMETHEUS_URL, else None."""
    return given or os.environ.get("SRE_PROMETHEUS_URL") or None


def _bounded(response: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > _MOST_BYTES:
            raise QueryRefusedError(f"the answer is larger than {_MOST_BYTES >> 20} MiB")
        parts.append(part)
    return b"".join(parts)


def _series(data: Any) -> tuple[Series, ...]:
    kind, result = data["resultType"], data["result"]
    if kind == "scalar":
        result = [{"metric": {}, "value": result}]
    if len(result) > _MOST_SERIES:
        raise QueryRefusedError(f"{len(result)} series, more than {_MOST_SERIES}")
    return tuple(_one(item) for item in result)


def _one(item: Mapping[str, Any]) -> Series:
    points = item["values"] if "values" in item else [item["value"]]
    times, values = zip(*points, strict=True)
    return Series(
        item["metric"], np.array(times, np.float64), np.array([*map(float, values)], np.float64)
    )
