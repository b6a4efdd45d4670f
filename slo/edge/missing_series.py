"""Whether what objectives ask for exists on a Prometheus."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kit.edge.prometheus import Prometheus
from kit.pure.errors import BadInputError
from slo.objective import Objective, Ratio, RawRatio
from slo.series import Selector, selectors

_LOOK_BACK: Final = "1h"
_ALIKE: Final = 0.8  # of 1: metrics of one exporter resemble each other anyway


@dataclass(frozen=True, slots=True)
class MissingSeries:
    """What was found: metrics that do not exist, and selectors that match nothing now."""

    unknown: tuple[BadInputError, ...]
    empty: tuple[str, ...]


def find_missing(
    server: Prometheus, objectives: Iterable[Objective], now_s: float
) -> MissingSeries:
    """Ask for every metric of the objectives, and for every selector of those that exist."""
    names = frozenset(server.get("/api/v1/label/__name__/values"))
    unknown: list[BadInputError] = []
    empty: list[str] = []
    for objective in objectives:
        asked = sorted(set(_selectors(objective)), key=str)
        missing = {each.metric for each in asked} - names - {""}
        unknown += [_unknown(objective, metric, names, server.url) for metric in sorted(missing)]
        empty += [
            f"{objective.name}: nothing matched {_text(each)} for an hour"
            for each in asked
            if each.metric not in missing and not server.instant(_present(each), now_s)
        ]
    return MissingSeries(tuple(unknown), tuple(empty))


def _selectors(objective: Objective) -> Iterator[Selector]:
    counted = objective.slices.indicator if objective.slices else objective.indicator
    for query in _queries(counted):
        yield from selectors(query)


def _queries(indicator: Ratio | RawRatio) -> tuple[str, ...]:
    if isinstance(indicator, RawRatio):
        return (indicator.success,)
    return tuple(each for each in (indicator.total, indicator.good, indicator.bad) if each)


def _unknown(objective: Objective, metric: str, names: frozenset[str], url: str) -> BadInputError:
    near = difflib.get_close_matches(metric, names, n=1, cutoff=_ALIKE)
    return BadInputError(
        f"{objective.name} reads {metric!r}, which {url} does not have",
        hint=f"did you mean {near[0]!r}?" if near else "is it scraped? is the name right?",
    )


def _text(selector: Selector) -> str:
    inside = ",".join(f'{label}{op}"{_quoted(value)}"' for label, op, value in selector.matchers)
    return f"{selector.metric}{{{inside}}}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _present(selector: Selector) -> str:
    return f"count(last_over_time({_text(selector)}[{_LOOK_BACK}]))"
