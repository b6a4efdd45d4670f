"""Our Prometheus client in the shape that the dashboards' checks and previews ask for."""

import time
from collections.abc import Iterable

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
        try:
            return _answer(self._server.instant(expr, at), begun)
        except QueryRefusedError as err:
            raise QueryError(f"Prometheus refuses the query: {err}") from err

    def over(self, expr: str, span: Span) -> Answer:
        """Return the values of an expression over a time range."""
        begun = time.monotonic()
        try:
            return _answer(self._server.range(expr, span.start, span.end, span.step_s), begun)
        except QueryRefusedError as err:
            raise QueryError(f"Prometheus refuses the query: {err}") from err

    def label_values(self, label: str, selector: str, span: Span) -> tuple[str, ...]:
        """Return the values of a label on the series of a selector ("" for all), sorted."""
        asked = {"start": f"{span.start:.3f}", "end": f"{span.end:.3f}"}
        if selector:
            asked["match[]"] = selector
        try:
            found = self._server.get(f"/api/v1/label/{label}/values", **asked)
        except QueryRefusedError as err:
            raise QueryError(f"Prometheus refuses the query: {err}") from err
        return tuple(sorted(str(value) for value in found))


def _answer(found: Iterable[Columns], begun: float) -> Answer:
    took_s = time.monotonic() - begun
    return Answer(
        tuple(
            Series(
                series.labels,
                tuple(zip(series.times.tolist(), series.values.tolist(), strict=True)),
            )
            for series in found
        ),
        took_s,
    )
