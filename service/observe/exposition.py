"""From cells to what Prometheus reads, over all workers, on a registry of our own."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import Exemplar, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from service.observe.declared import declared
from service.observe.metrics import Metric, Sheet
from service.telemetry import ACTIVE_USERS, DURATIONS, REQUESTS, Telemetry, estimate_users

_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_COMBINE: dict[str, Callable[[Iterable[float]], float]] = {"sum": sum, "max": max, "min": min}
Examples = Mapping[Hashable, Exemplar]
_NO_LIMIT = 1 << 60  # cgroup v1 writes a huge number where there is no limit


def exposition(
    telemetry: Telemetry, *, version: str, revision: str, accept: str = ""
) -> tuple[bytes, str]:
    """Return what `/metrics` answers, and its content type, in the form that `accept` prefers.

    OpenMetrics has exemplars, the older text has not.
    """
    encode, content_type = choose_encoder(accept)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Everything(telemetry, version=version, revision=revision))
    return encode(registry), content_type


class _Everything(Collector):
    def __init__(self, telemetry: Telemetry, *, version: str, revision: str) -> None:
        self._telemetry, self._version, self._revision = telemetry, version, revision

    def collect(self) -> Iterator[Family]:
        living: list[tuple[int, Sequence[float]]] = []
        examples = _examples(self._telemetry)
        for sheet in self._telemetry.sheets:
            living = sheet.cells.living()
            columns = [values for _, values in living]
            counted = [*columns, *sheet.cells.dead()]
            for metric in sheet.layout.metrics:
                yield from _families(sheet, metric, columns, counted, examples)
        what = declared()["service_build_info"]
        build = GaugeMetricFamily(what.name, what.help, labels=what.labels)
        known = {"version": self._version, "revision": self._revision}
        build.add_metric([known[label] for label in what.labels], 1.0)
        yield build
        yield from _processes([pid for pid, _ in living])


def _examples(telemetry: Telemetry) -> Examples:
    """Return the exemplar of each series that has one, by what the series is."""
    return {
        series: Exemplar({"trace_id": each.trace_id, "span_id": each.span_id}, each.value, each.at)
        for series, each in telemetry.exemplars.latest().items()
    }


def _families(
    sheet: Sheet,
    metric: Metric,
    living: list[Sequence[float]],
    counted: list[Sequence[float]],
    examples: Examples,
) -> Iterator[Family]:
    start = sheet.layout.places[metric.name, metric.label_sets[0]]
    stop = start + metric.width * len(metric.label_sets)
    if metric.kind == "gauge":
        columns = [values[start:stop] for values in living]
        combine = _COMBINE[metric.combine]
        yield _gauges(metric, [float(combine(cell)) for cell in zip(*columns, strict=True)])
        return
    columns = [values[start:stop] for values in counted]
    totals = [float(sum(cell)) for cell in zip(*columns, strict=True)]
    if metric.name == REQUESTS:
        yield from _requests(metric, totals, examples)
    elif metric.kind == "counter":
        yield _counters(metric, totals, examples)
    else:
        yield _histograms(metric, totals)


def _gauges(metric: Metric, values: list[float]) -> Family:
    if metric.name == ACTIVE_USERS:
        return GaugeMetricFamily(metric.name, metric.help, estimate_users(values, time.time()))
    family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, value in zip(metric.label_sets, values, strict=True):
        family.add_metric(labels, value)
    return family


def _counters(metric: Metric, totals: list[float], examples: Examples) -> Family:
    family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, total in zip(metric.label_sets, totals, strict=True):
        family.add_metric(labels, total, exemplar=examples.get((metric.name, *labels)))
    return family


def _histograms(metric: Metric, totals: list[float]) -> Family:
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    for position, labels in enumerate(metric.label_sets):
        block = totals[position * metric.width : (position + 1) * metric.width]
        family.add_metric(labels, _buckets(metric, block), block[-1])
    return family


def _requests(metric: Metric, totals: list[float], examples: Examples) -> Iterator[Family]:
    counts = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    timed = declared()[DURATIONS]
    durations = HistogramMetricFamily(timed.name, timed.help, labels=timed.labels)
    sums: dict[tuple[str, ...], list[float]] = {}
    for position, labels in enumerate(metric.label_sets):
        block = totals[position * metric.width : (position + 1) * metric.width]
        example = examples.get((metric.name, *labels))
        counts.add_metric(labels, sum(block[:-1]), exemplar=example)
        so_far = sums.setdefault(labels[:2], [0.0] * metric.width)
        sums[labels[:2]] = [a + b for a, b in zip(so_far, block, strict=True)]
    for pair, block in sums.items():
        buckets = [
            (edge, value, examples.get((DURATIONS, *pair, place)))
            for place, (edge, value) in enumerate(_buckets(metric, block))
        ]
        durations.add_metric(pair, buckets, block[-1])  # type: ignore[arg-type]  # None is none
    yield counts
    yield durations


def _buckets(metric: Metric, block: list[float]) -> list[tuple[str, float]]:
    edges = [*map(floatToGoString, metric.edges), "+Inf"]
    running, buckets = 0.0, []
    for edge, count in zip(edges, block[:-1], strict=True):
        running += count
        buckets.append((edge, running))
    return buckets


def _processes(pids: list[int]) -> Iterator[Family]:
    """Yield process_* over all workers: sums, but the latest start, so that a crash shows."""
    merged: dict[str, list[float]] = {"process_memory_limit_bytes": [_memory_limit()]}
    for pid in pids:
        collector = ProcessCollector(pid=partial(int, pid), registry=None)
        for sample in (family.samples[0] for family in collector.collect()):
            merged.setdefault(sample.name, []).append(sample.value)
    for name, values in merged.items():
        if what := declared().get(name):
            kind = CounterMetricFamily if what.kind == "counter" else GaugeMetricFamily
            yield kind(name, what.help, _COMBINE[what.combine](values))


def _memory_limit() -> float:
    """Return the container's limit, else the machine's memory, in bytes."""
    for path in map(Path, _MEMORY_LIMITS):
        if path.is_file() and (text := path.read_text().strip()).isdigit():
            limit = int(text)
            if limit < _NO_LIMIT:
                return float(limit)
    memory = Path("/proc/meminfo").read_text()
    return float(memory.split("MemTotal:", 1)[1].split()[0]) * 1024
