"""PromQL over arrays: what rules give at each evaluation, thousands at once.

It knows what rules on one objective are made of, and refuses the rest; a test holds it against
promtool. Samples lie on the steps of evaluation; a value that is missing is NaN. A vector is a
list of arrays that differ in their labels; all but raw counters are one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import promql_parser as promql
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from slo.series import selector_of_node

Floats = NDArray[np.float64]
LOOKBACK_S: Final = 300
_MATCH: Final = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
    "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_COUNT: Final = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


@dataclass(frozen=True, slots=True)
class Raw:
    """A stored series: its labels, and its samples; where one is missing, whether a mark is."""

    labels: Mapping[str, str]
    values: Floats
    marked: bool = True


@dataclass(slots=True)
class Engine:
    """Evaluate rules in the order in which they stand, each once, when it is asked for."""

    step_s: int
    raw: Mapping[str, Sequence[Raw]]
    rules: Sequence[Mapping[str, Any]]
    asleep: Any = None
    """The evaluations that did not take place."""
    _known: dict[str, Floats] = field(default_factory=dict)

    def firing(self, alert: str) -> Floats:
        """Return 1 at each evaluation at which an alert fires, NaN at the others."""
        if alert not in self._known:
            (rule,) = (each for each in self.rules if each.get("alert") == alert)
            self._known[alert] = self._nothing()  # what it reads of itself, at first
            fires = self._fires(rule)
            if f'alertname="{alert}"' in rule["expr"]:  # of the evaluation before
                self._known[alert] = np.concatenate(([np.nan], fires[:-1]))
                fires = self._fires(rule)
            self._known[alert] = fires
        return self._known[alert]

    def recorded(self, name: str) -> Floats | None:
        """Return what a recording rule gives; None where there is none of the name."""
        if name not in self._known:
            found = [each for each in self.rules if each.get("record") == name]
            if not found:
                return None
            value = self.one(promql.parse(found[0]["expr"]))
            self._known[name] = (
                value if self.asleep is None else np.where(self.asleep, np.nan, value)
            )
        return self._known[name]

    @property
    def _steps(self) -> int:
        return max(len(each.values) for found in self.raw.values() for each in found)

    def _nothing(self) -> Floats:
        return np.full(self._steps, np.nan)

    def _fires(self, rule: Mapping[str, Any]) -> Floats:
        active = ~np.isnan(self.one(promql.parse(rule["expr"])))
        hold, keep = (
            seconds(str(rule.get(key, "0s"))) // self.step_s for key in ("for", "keep_firing_for")
        )
        found, since, left = self._nothing(), -1, -1
        for now, holds in enumerate(active):
            if self.asleep is not None and self.asleep[now]:
                continue
            if holds:
                since = now if since < 0 else since
                if now - since >= hold:
                    found[now], left = 1.0, keep
            elif left > 0:  # fires for as long after the last evaluation at which it held
                left, found[now] = left - 1, 1.0
            else:
                since = left = -1
        return found

    def one(self, node: Any) -> Floats:
        """Return the single series that an expression gives."""
        found = self.vector(node)
        if not found:
            return self._nothing()
        if len(found) > 1:
            raise ValueError(f"several series: {node}")
        return found[0]

    def vector(self, node: Any) -> list[Floats]:  # noqa: PLR0911 -- one for each kind of node
        """Return the series that an expression gives."""
        match node:
            case promql.NumberLiteral():
                return [np.full(self._steps, node.val)]
            case promql.ParenExpr():
                return self.vector(node.expr)
            case promql.UnaryExpr():
                return [-each for each in self.vector(node.expr)]
            case promql.VectorSelector() if not node.offset:
                return [self._held(each) for each in self._stored(node)]
            case promql.BinaryExpr():
                return self._binary(node)
            case promql.AggregateExpr():
                return self._aggregated(node)
            case promql.Call():
                return self._called(node)
        raise ValueError(f"cannot evaluate {type(node).__name__}")

    def _stored(self, node: Any) -> list[Raw]:
        asked = selector_of_node(node)
        if asked.metric == "ALERTS":
            names = next(value for label, _, value in asked.matchers if label == "alertname")
            there = {each["alert"] for each in self.rules if "alert" in each}
            return [Raw({}, self.firing(name)) for name in names.split("|") if name in there]
        known = self.recorded(asked.metric)
        if known is not None:
            return [Raw({}, known)]
        return [each for each in self.raw.get(asked.metric, ()) if _meets(asked, each)]

    def _held(self, stored: Raw) -> Floats:
        """Return what an instant selector sees: the newest sample of five minutes, or none."""
        if stored.marked:
            return stored.values
        index = np.arange(len(stored.values))
        last = np.maximum.accumulate(np.where(np.isnan(stored.values), -1, index))
        fresh = (last >= 0) & ((index - last) * self.step_s < LOOKBACK_S)
        return np.where(fresh, stored.values[np.maximum(last, 0)], np.nan)

    def _binary(self, node: Any) -> list[Floats]:
        op = str(node.op)
        left, right = self.vector(node.lhs), self.vector(node.rhs)
        if op in {"and", "or", "unless"}:
            return [_together(op, left or [self._nothing()], right or [self._nothing()])]
        if not left or not right:
            return []
        if len(right) > 1:
            raise ValueError(f"several series on the right: {node}")
        with np.errstate(invalid="ignore", divide="ignore"):
            if op in _MATCH:
                return [np.where(_MATCH[op](each, right[0]), each, np.nan) for each in left]
            return [_COUNT[op](each, right[0]) for each in left]

    def _aggregated(self, node: Any) -> list[Floats]:
        found = self.vector(node.expr)
        if not found:
            return []
        stacked = np.vstack(found)
        none = np.isnan(stacked).all(axis=0)
        return [np.where(none, np.nan, _AGGREGATED[str(node.op)](stacked))]

    def _called(self, node: Any) -> list[Floats]:
        name: str = node.func.name
        argument: Any = node.args[0]
        if name == "absent":
            found = self.vector(argument)
            seen = np.zeros(self._steps, bool)
            for each in found:
                seen |= ~np.isnan(each)
            return [np.where(seen, np.nan, 1.0)]
        window = int(argument.range.total_seconds())
        if isinstance(argument, promql.SubqueryExpr):
            step = argument.step.total_seconds() if argument.step else 0
            every = int(step) // self.step_s
            # The newest minute is the last full one, at which the subquery is evaluated.
            minutes = int(window // step) + 1
            inner = self.one(argument.expr)[::every]
            over = _over(name, inner, minutes)
            return [_later(np.repeat(over, every)[: self._steps], argument.offset, self.step_s)]
        if argument.vector_selector.offset:
            raise ValueError("cannot look back from a range")
        stored = self._stored(argument.vector_selector)
        if name in {"rate", "increase"}:
            return [_rate(each.values, window, self.step_s, name == "rate") for each in stored]
        return [_over(name, each.values, window // self.step_s + 1) for each in stored]


def _together(op: str, left: Sequence[Floats], right: Sequence[Floats]) -> Floats:
    """Join two vectors of which only what is there matters, and the first value."""
    (one,) = left
    there = ~np.isnan(np.vstack(right)).all(axis=0)
    if op == "or":
        return np.where(np.isnan(one), right[0], one)
    return np.where(there if op == "and" else ~there, one, np.nan)


def _meets(asked: Any, stored: Raw) -> bool:
    for label, op, value in asked.matchers:
        has = stored.labels.get(label, "")
        if (bool(re.fullmatch(value, has)) if "~" in op else has == value) != (op[0] == "="):
            return False
    return True


def _sum(stacked: Floats) -> Floats:
    found: Floats = np.nansum(stacked, axis=0)
    return found


def _max(stacked: Floats) -> Floats:
    found: Floats = np.where(np.isnan(stacked), -np.inf, stacked).max(axis=0)
    return found


def _mean(stacked: Floats) -> Floats:
    found: Floats = _sum(stacked) / np.maximum(1, (~np.isnan(stacked)).sum(axis=0))
    return found


_AGGREGATED: Final = {"sum": _sum, "max": _max, "avg": _mean}


def _over(name: str, values: Floats, count: int) -> Floats:
    """Return a function of the last `count` samples; missing ones are left out."""
    there = ~np.isnan(values)
    many = _rolling(there.astype(float), count)
    match name:
        case "count_over_time":
            found = many
        case "sum_over_time":
            found = _rolling(np.where(there, values, 0), count)
        case "avg_over_time":
            found = _rolling(np.where(there, values, 0), count) / np.maximum(many, 1)
        case "min_over_time" | "max_over_time":
            worst = np.inf if name.startswith("min") else -np.inf
            padded = np.concatenate((np.full(count - 1, worst), np.where(there, values, worst)))
            view = sliding_window_view(padded, count)
            found = view.min(axis=1) if name.startswith("min") else view.max(axis=1)
        case _:
            raise ValueError(f"cannot evaluate {name}")
    return np.where(many > 0, found, np.nan)


def _later(values: Floats, offset: Any, step_s: int) -> Floats:
    count = int(offset.total_seconds()) // step_s if offset else 0
    found: Floats = np.concatenate((np.full(count, np.nan), values))[: len(values)]
    return found


def _rolling(values: Floats, count: int) -> Floats:
    total = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(1, len(values) + 1)
    found: Floats = total[index] - total[np.maximum(index - count, 0)]
    return found


def _rate(values: Floats, window_s: int, step_s: int, per_second: bool) -> Floats:  # noqa: FBT001
    """Return Prometheus's rate or increase: from the first sample to the last, extrapolated."""
    there, index = ~np.isnan(values), np.arange(len(values))
    known = values[there]
    grown = np.diff(known, prepend=known[:1])
    grown = np.where(grown < 0, known, grown)  # a reset: all of it is new
    total = np.full(len(values), np.nan)
    total[there] = np.cumsum(grown)
    last = np.maximum.accumulate(np.where(there, index, -1))
    after = np.minimum.accumulate(np.where(there, index, len(values))[::-1])[::-1]
    begin = index - window_s // step_s
    first = np.minimum(after[np.maximum(begin, 0)], len(values) - 1)
    ok = (last > first) & (last >= 0)
    last, first = np.where(ok, last, 0), np.where(ok, first, 0)
    many = _rolling(there.astype(float), window_s // step_s + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        increase, sampled = total[last] - total[first], (last - first) * float(step_s)
        mean = sampled / (many - 1)
        to_start = (first - begin) * float(step_s)
        to_end = (index - last) * float(step_s)
        zero = np.where(increase > 0, sampled * values[first] / increase, np.inf)
        to_start = np.minimum(to_start, zero)
        edges = [np.where(each < 1.1 * mean, each, mean / 2) for each in (to_start, to_end)]
        found = increase * (sampled + edges[0] + edges[1]) / sampled
    return np.where(ok, found / window_s if per_second else found, np.nan)


def seconds(text: str) -> int:
    """Return the seconds of a duration of one unit."""
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[text[-1]]


def any_of(engine: Engine, alerts: Iterable[str]) -> Floats:
    """Return when any of some alerts fires."""
    stacked = np.vstack([engine.firing(each) for each in alerts])
    return np.where(np.isnan(stacked).all(axis=0), np.nan, 1.0)
