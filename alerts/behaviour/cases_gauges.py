"""Alerts that watch one quantity against one limit."""

from collections.abc import Callable
from typing import Final

from alerts.behaviour.case import STALE, Case, counter, gauge
from alerts.behaviour.worlds import API, known
from alerts.catalogue.gauges import GaugeAlert, gauge_alerts
from alerts.thresholds import Thresholds

NODE: Final = 'job="node",instance="n"'
_A_LITTLE_MORE: Final = 1.03
Write = Callable[[list[tuple[float, int]]], dict[str, str]]


def limit(
    write: Write,
    usual: float,
    above: float,
    below: float,
    hold: int,
    keep: int,
    *,
    exact: float | None = None,
) -> list[Case]:
    """Return the situations of a limit: above it, just below, at it, too short, and no data.

    Times are minutes. The last one resolves an alert by its series going away.
    """
    lead, rest = (usual, 5), (usual, keep + 8)
    stories = (
        ("above the limit, then well again", [lead, (above, hold + 6), rest], True),
        ("just below the limit", [lead, (below, hold + 12), (usual, 2)], False),
        ("above the limit for too short a time", [lead, (above, max(1, hold * 3 // 4)), rest],
         hold == 0),
        ("no data at all", [(STALE, hold + 8)], False),
        *([] if exact is None else [("exactly at the limit", [(exact, hold + 12)], False)]),
    )  # fmt: skip
    return [
        Case(name, write(story), sum(part[1] for part in story), fires)
        for name, story, fires in stories
        if not (hold == 0 and "too short" in name)
    ]


def one(series: str, scale: float = 1.0) -> Write:
    """Return a writer of one gauge."""
    return lambda story: {series: gauge(*((value * scale, span) for value, span in story))}


def _share(used: str, total: str, size: float) -> Write:
    return lambda story: {
        used: gauge(*((value * size, span) for value, span in story)),
        total: gauge((size, sum(span for _, span in story))),
    }


def _free(free: str, total: str, size: float) -> Write:
    return lambda story: {
        free: gauge(*(((1 - value) * size, span) for value, span in story)),
        total: gauge((size, sum(span for _, span in story))),
    }


def _busy(story: list[tuple[float, int]]) -> dict[str, str]:
    idle = [((1 - value) * 60, span) for value, span in story]
    return {
        f'node_cpu_seconds_total{{{NODE},cpu="0",mode="idle"}}': counter(*idle),
        f'node_cpu_seconds_total{{{NODE},cpu="0",mode="user"}}': counter(
            *((value * 60, span) for value, span in story)
        ),
    }


def gauge_cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    memory = _share(f"process_resident_memory_bytes{{{API}}}",
                    f"process_memory_limit_bytes{{{API}}}", 1000)  # fmt: skip
    machine = _free(f"node_memory_MemAvailable_bytes{{{NODE}}}",
                    f"node_memory_MemTotal_bytes{{{NODE}}}", 1000)  # fmt: skip
    disk = 'device="sda",fstype="ext4",mountpoint="/"'
    scratch = 'device="none",fstype="tmpfs",mountpoint="/tmp"'
    disks = _free(f"node_filesystem_avail_bytes{{{NODE},{disk}}}",
                  f"node_filesystem_size_bytes{{{NODE},{disk}}}", 1000)  # fmt: skip
    tmpfs = _free(f"node_filesystem_avail_bytes{{{NODE},{scratch}}}",
                  f"node_filesystem_size_bytes{{{NODE},{scratch}}}", 1000)  # fmt: skip
    full = [(0.5, 5), (0.99, 20)]
    return {
        "MemoryHigh": [
            *limit(memory, 0.5, 0.92, 0.89, 1, 5, exact=0.9),
            *_named("the machine: ", limit(machine, 0.5, 0.92, 0.89, 1, 5, exact=0.9)),
            Case("no limit is set", {
                f"process_resident_memory_bytes{{{API}}}": gauge((900, 10)),
                f"process_memory_limit_bytes{{{API}}}": gauge((0, 10))}, 10, fires=False),
            Case("a tiny limit, used up", {
                f"process_resident_memory_bytes{{{API}}}": gauge((0.95, 10)),
                f"process_memory_limit_bytes{{{API}}}": gauge((1, 10))}, 10, fires=True),
        ],
        "CpuHigh": [
            *limit(_busy, 0.3, 0.83, 0.78, 10, 15, exact=0.8),
            Case("a burst of seven minutes", _busy([(0.3, 8), (1.0, 7), (0.3, 20)]), 35,
                 fires=False),
        ],
        "DiskNearlyFull": [
            *limit(disks, 0.5, 0.82, 0.79, 5, 15, exact=0.8),
            Case("a full file system in memory", tmpfs(full), 25, fires=False),
        ],
        "FileDescriptorsHigh": limit(
            _share(f"process_open_fds{{{API}}}", f"process_max_fds{{{API}}}", 1000),
            0.2, 0.92, 0.89, 5, 15, exact=0.9),
        **{each.name: _of_gauge(each) for each in gauge_alerts(Thresholds())},
        "DatabaseConnectionLost": limit(
            one(f'dependency_up{{{API},dependency="mongodb"}}'), 1, 0, 1, 1, 5),
        "DependencyDown": limit(one(f'dependency_up{{{API},dependency="redis"}}'), 1, 0, 1, 1, 5),
        "ServiceDown": [
            *limit(one(f"up{{{API}}}"), 1, 0, 1, 1, 5),
            Case("one of two is down", {
                f"up{{{API}}}": gauge((1, 5), (0, 10)),
                'up{job="calendar-api",instance="b"}': gauge((1, 15))}, 15, fires=False),
        ],
        "WatcherDown": limit(one('up{job="prober",instance="p"}'), 1, 0, 1, 5, 15),
        "InstanceDown": [
            Case("one of two is down, then well again", {
                f"up{{{API}}}": gauge((1, 5), (0, 12), (1, 25)),
                'up{job="calendar-api",instance="b"}': gauge((1, 42))}, 42, fires=True),
            Case("one of two is down for too short a time", {
                f"up{{{API}}}": gauge((1, 5), (0, 4), (1, 9)),
                'up{job="calendar-api",instance="b"}': gauge((1, 18))}, 18, fires=False),
            Case("all are down, which is another alert", {
                f"up{{{API}}}": gauge((1, 5), (0, 15))}, 20, fires=False),
        ],
        "ModeNotNormal": [
            Case("read only for five hours", {
                f'service_mode{{{API},mode="normal"}}': gauge((1, 5), (0, 300), (1, 5)),
                f'service_mode{{{API},mode="read_only"}}': gauge((0, 5), (1, 300), (0, 5))},
                310, fires=True),
            Case("read only for three hours", {
                f'service_mode{{{API},mode="read_only"}}': gauge((0, 5), (1, 180), (0, 5))},
                190, fires=False),
            Case("normal", {f'service_mode{{{API},mode="normal"}}': gauge((1, 300))},
                 300, fires=False),
        ],
        "Watchdog": [Case("always", {f"up{{{API}}}": gauge((1, 5))}, 5, fires=True)],
        "TargetsMissing": [
            Case("the target is forgotten", {f"up{{{API}}}": gauge((1, 5), (STALE, 8), (1, 12))},
                 25, fires=True),
            Case("the samples stop", {f"up{{{API}}}": "1x4 _x8 1x11"}, 25, fires=True),
            Case("one sample is missing", {f"up{{{API}}}": "1x4 _ 1x11"}, 17, fires=False),
            Case("one instance is left", {
                f"up{{{API}}}": gauge((1, 5), (STALE, 10)),
                'up{job="calendar-api",instance="b"}': gauge((1, 15))}, 15, fires=False),
        ],
        "ProbesMissing": _missing('probe_success{job="prober",journey="create"}', 10, 15),
        "AccuracyUnknown": _missing(
            'parsing_accuracy_ratio{job="prober",suite="golden",slice="all"}', 60, 15),
        "CrashLooping": [
            Case("three restarts within fifteen minutes", _restarts((20, 6, 6, 25)), 60,
                 fires=True),
            Case("two restarts within fifteen minutes", _restarts((20, 6, 40)), 60, fires=False),
            Case("three restarts within twenty minutes", _restarts((20, 9, 11, 30)), 60,
                 fires=False),
            Case("a restart every nine minutes", _restarts((10, 9, 9, 9, 9, 9, 9, 60)), 130,
                 fires=True),
            Case("five restarts, nine minutes apart", _restarts((10, 9, 9, 9, 9, 80)), 126,
                 fires=False),
            Case("six restarts, fourteen minutes apart",
                 _restarts((10, 14, 14, 14, 14, 14, 30)), 110, fires=False),
            Case("no data at all", {f"up{{{API}}}": gauge((1, 20))}, 20, fires=False),
        ],
        "ProbeFailing": [
            *limit(one('probe_success{job="prober",journey="create"}'), 1, 0, 1, 1, 5)[:2],
            Case("one failed run", {
                'probe_success{job="prober",journey="create"}': gauge((1, 5), (0, 1), (1, 8))},
                14, fires=False),
            Case("the first runs of all fail", {
                'probe_success{job="prober",journey="create"}': gauge((0, 8), (1, 8))},
                16, fires=True),
            Case("the first run of all fails", {
                'probe_success{job="prober",journey="create"}': gauge((0, 1), (1, 8))},
                9, fires=False),
            Case("every other run fails", {
                'probe_success{job="prober",journey="create"}': "1 0 1 0 1 0 1 0 1 0 1 0"},
                12, fires=False),
            Case("the service is known to be down", {
                'probe_success{job="prober",journey="create"}': gauge((1, 5), (0, 10)),
                **known("ServiceDown", [(1, 15)])}, 15, fires=False),
        ],
    }  # fmt: skip


def _of_gauge(each: GaugeAlert) -> list[Case]:
    """Return the situations of an alert on the highest value of a gauge."""
    labels = f"{API},{each.matcher}" if each.matcher else API
    above, below = each.limit * _A_LITTLE_MORE, each.limit / _A_LITTLE_MORE
    write = one(f"{each.series}{{{labels}}}")
    return limit(write, each.usual, above, below, each.hold_min, each.keep_min, exact=each.limit)


def _named(prefix: str, cases: list[Case]) -> list[Case]:
    return [Case(prefix + each.name, each.series, each.minutes, each.fires) for each in cases]


def _missing(series: str, hold: int, keep: int) -> list[Case]:
    """Return the situations of a measurement that ends; it is missed for a day."""
    return [
        Case("the series ends and comes back",
             {series: gauge((1, 5), (STALE, hold + 6), (1, keep + 6))}, hold + keep + 17,
             fires=True),
        Case("a short gap", {series: gauge((1, 5), (STALE, hold * 3 // 4), (1, 5))},
             hold + 8, fires=False),
        Case("it was never there", {f"up{{{API}}}": gauge((1, hold + 10))}, hold + 10,
             fires=False),
        Case("it is missed for a day and no longer", {series: gauge((1, 5), (STALE, 1500))},
             1500, fires=True),
    ]  # fmt: skip


def _restarts(gaps: tuple[int, ...]) -> dict[str, str]:
    """Return a start time that changes after each gap of minutes."""
    parts = [gauge((1000 + index, span)) for index, span in enumerate(gaps)]
    return {f"process_start_time_seconds{{{API}}}": " ".join(parts)}
