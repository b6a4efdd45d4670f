"""A month of every series that the service really exposes, with all that is recorded of it."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from alerts.edge.generated import rules_of
from alerts.rule import Record
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from slo.series import selectors

DAY_S = 86_400
_BLOCK_S = 7200
_MEAN_S = 0.08
_ROUTE_RECORDS = "route:"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series: how it is written, where it starts, and by how much it grows a second."""

    name: str
    start: float
    per_s: float = 0.0


def exposed(text: str, job: str, instance: str) -> Iterator[Drawn]:
    """Yield a series for each line of an exposition; counters grow, requests in all buckets."""
    for number, family in enumerate(text_string_to_metric_families(text)):
        for sample in family.samples:
            if sample.name.endswith("_created"):
                continue
            labels = {**sample.labels, "job": job, "instance": instance}
            grows = family.type in {"counter", "histogram"}
            share = 1.0
            if "le" in labels and labels["le"] != "+Inf":
                share = 1 - math.exp(-float(labels["le"]) / _MEAN_S)
            rate = 0.02 * (1 + number % 5) * share
            yield Drawn(_written(sample.name, labels), sample.value, rate if grows else 0.0)


def recorded(routes: Iterable[str]) -> Iterator[Drawn]:
    """Yield a series for each recording rule and objective, for each route where it has one."""
    objectives, ways = load_objectives(), tuple(routes)
    names = {
        rule.name
        for group in rules_of(load_project(), objectives).groups
        for rule in group.rules
        if isinstance(rule, Record)
    }
    for name in sorted(names):
        for objective in objectives:
            labels = {"slo": objective.name}
            if name.startswith(_ROUTE_RECORDS):
                yield from (Drawn(_written(name, labels | {"route": way}), 0.01) for way in ways)
            else:
                yield Drawn(_written(name, labels), 0.01)


def machine() -> Iterator[Drawn]:
    """Yield what a node exporter and a prober tell that dashboards read."""
    node = {"job": "node", "instance": "node:9100"}
    for cpu in range(4):
        for mode in ("idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user"):
            labels = node | {"cpu": str(cpu), "mode": mode}
            yield Drawn(_written("node_cpu_seconds_total", labels), 0, 0.1)
    for name in ("MemAvailable", "MemTotal"):
        yield Drawn(_written(f"node_memory_{name}_bytes", node), 8e9)
    disk = node | {"device": "/dev/vda1", "fstype": "ext4", "mountpoint": "/"}
    for name in ("avail", "size"):
        yield Drawn(_written(f"node_filesystem_{name}_bytes", disk), 5e10)
    for device in ("eth0", "lo"):
        for way in ("receive", "transmit"):
            labels = node | {"device": device}
            yield Drawn(_written(f"node_network_{way}_bytes_total", labels), 0, 1e4)
    prober = {"job": "prober", "instance": "prober:9115", "journey": "calendar_day"}
    yield Drawn(_written("probe_success", prober), 1)
    for one in range(25):
        labels = {"job": "prober", "instance": "prober:9115", "suite": "golden"}
        name = "all" if one == 0 else f"slice:{one}"
        yield Drawn(_written("parsing_accuracy_ratio", labels | {"slice": name}), 0.93)
    for job, instance in (("calendar-api", "api:8000"), ("node", "node:9100")):
        yield Drawn(_written("up", {"job": job, "instance": instance}), 1)


def write_blocks(
    series: Iterable[Drawn], folder: Path, *, end: int, days: int, every_s: int
) -> Iterator[Path]:
    """Write OpenMetrics files up to `end`, one by one as they are asked for.

    Each is of two hours and aligned to them, because promtool reads a file once a block.
    """
    all_series, first = list(series), end - days * DAY_S
    for number, begin in enumerate(range(first - first % _BLOCK_S, end, _BLOCK_S)):
        times = [t for t in range(begin, begin + _BLOCK_S, every_s) if first <= t <= end]
        if not times:
            continue
        path = folder / f"{number:04}.om"
        with path.open("w", encoding="utf-8") as out:
            for one in all_series:
                name, start, rate = one.name, one.start, one.per_s
                out.write("\n".join(f"{name} {start + rate * (t - first):.6g} {t}" for t in times))
                out.write("\n")
            out.write("# EOF\n")
        yield path


def routes_of(series: Iterable[Drawn]) -> tuple[str, ...]:
    """Return the routes that appear in the labels."""
    found = {
        value
        for one in series
        for selector in selectors(one.name)
        for label, _, value in selector.matchers
        if label == "route"
    }
    return tuple(sorted(found))


def _written(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}"
