"""Our Prometheus client in the shape that the dashboards' checks and previews ask for."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from dashboards.source import Answer, QueryError, Series, Span
from kit.edge.prometheus import Prometheus, QueryRefusedError
from kit.pure.answers import Series as Columns


class PrometheusSource:
    """A `dashboards.source.Source` that asks over HTTP."""

    def __init__(self, server: Prometheus) -> None:
        self._server = server

    def instant(self, expr: str, at: float) -> Answer:
        """Return the value of an expression at a time in seconds since the epoch."""
        begun = time.monotonic()
        with _refusals():
            return _answer(self._server.instant(expr, at), begun)

    def over(self, expr: str, span: Span) -> Answer:
        """Return the values of an expression over a time range."""
        begun = time.monotonic()
        with _refusals():
            return _answer(self._server.range(expr, span.start, span.end, span.step_s), begun)

    def label_values(self, label: str, selector: str, span: Span) -> tuple[str, ...]:
        """Return the values of a label on the series of a selector ("" for all), sorted."""
        asked = {"start": f"{span.start:.3f}", "end": f"{span.end:.3f}"}
        if selector:
            asked["match[]"] = selector
        with _refusals():
            found = self._server.get(f"/api/v1/label/{label}/values", **asked)
        return tuple(sorted(str(value) for value in found))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except QueryRefusedError as err:
        raise QueryError(f"Prometheus refuses the query: {err}") from err


def _answer(found: Iterable[Columns], begun: float) -> Answer:
    took_s = time.monotonic() - begun
    series = (
        Series(one.labels, tuple(zip(one.times.tolist(), one.values.tolist(), strict=True)))
        for one in found
    )
    return Answer(tuple(series), took_s)
