"""What a service's `/metrics` shows, as values: families with their labels and values."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from kit.pure.errors import BadInputError, NotEnoughDataError

MOST_SERIES: Final = 20_000
"""A service with more has an unbounded label; rules and boards over it would be slow or refused."""
_MOST_NAMED: Final = 5
_KINDS: Final = frozenset({"counter", "gauge", "histogram"})
_NAME_ENDS: Final = re.compile(r"[{\s]")
_PARTS: Final = ("_bucket", "_count", "_sum")


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: `labels` maps each label to the values that were shown.

    `value` is that of a metric with one series. `is_empty` where only its help and type were
    shown: it has no series before its first event.
    """

    name: str
    kind: str
    help: str
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_empty: bool = False
    value: float | None = None

    @property
    def edges(self) -> tuple[str, ...]:
        """Return the finite edges of a histogram as the service writes them, the smallest first."""
        return tuple(sorted(self.labels.get("le", frozenset()) - {"+Inf"}, key=float))


def families_of(text: str, *, source: str) -> Mapping[str, Family]:
    """Return each family by the name that Prometheus gives it.

    Raises BadInputError where the text is no exposition or has too many series, and
    NotEnoughDataError where it shows nothing.
    """
    _check_size(text, source)
    found: dict[str, Family] = {}
    written = _names(text)
    try:
        for family in text_string_to_metric_families(text):
            for each in _split(family):
                name = _as_written(each.name, written)
                found[name] = replace(each, name=name)
    except ValueError as err:
        raise BadInputError(
            f"{source}: is no exposition of metrics: {' '.join(str(err).split())[:120]}",
            hint="name its address with --target, and the path of its metrics with --metrics",
        ) from err
    if not found:
        raise NotEnoughDataError(
            f"{source}: shows no metric", hint="send the service one request, then run this again"
        )
    return found


def _names(text: str) -> Mapping[str, int]:
    """Return the series of an exposition by their names, and how many each has."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return Counter(_NAME_ENDS.split(line, maxsplit=1)[0] for line in lines)


def _as_written(name: str, written: Mapping[str, int]) -> str:
    """Return the name that Prometheus stores: the parser adds `_total` where a counter has none."""
    bare = name.removesuffix("_total")
    return bare if name not in written and bare in written else name


def _split(family: object) -> Iterable[Family]:
    """Yield a parsed family under the names of its series; a summary counts as two counters."""
    kind, text = str(getattr(family, "type", "")), str(getattr(family, "documentation", ""))
    name = str(getattr(family, "name", ""))
    samples = [one for one in getattr(family, "samples", ()) if not one.name.endswith("_created")]
    if not samples:
        full = f"{name}_total" if kind == "counter" and not name.endswith("_total") else name
        if kind in _KINDS:
            yield Family(full, kind, text, is_empty=True)
        return
    if kind == "histogram":
        yield Family(name, kind, text, _labels(samples))
        return
    for each in dict.fromkeys(one.name for one in samples):
        mine = [one for one in samples if one.name == each]
        counts = kind == "counter" or (kind == "summary" and each.endswith(_PARTS))
        counts = counts or (kind not in _KINDS and each.endswith("_total"))
        value = float(mine[0].value) if len(mine) == 1 else None
        yield Family(each, "counter" if counts else "gauge", text, _labels(mine), value=value)


def _labels(samples: Iterable[object]) -> dict[str, frozenset[str]]:
    values: dict[str, set[str]] = {}
    for sample in samples:
        for label, value in getattr(sample, "labels", {}).items():
            values.setdefault(label, set()).add(value)
    return {label: frozenset(found) for label, found in values.items()}


def _check_size(text: str, source: str) -> None:
    """Refuse more series than a service should have, naming the metric that has the most."""
    counts = _names(text)
    total = sum(counts.values())
    if total <= MOST_SERIES:
        return
    worst = sorted(counts, key=lambda name: -counts[name])[:_MOST_NAMED]
    named = ", ".join(f"{name} {counts[name]:,}" for name in worst)
    raise BadInputError(
        f"{source}: shows {total:,} series, more than {MOST_SERIES:,}: {named}",
        hint=f"bound the labels of {worst[0]} (a path or an id is no label value; "
        "use the route's template), then run this again",
    )
