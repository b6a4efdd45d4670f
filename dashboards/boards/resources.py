"""Panels about processor, memory, disk and network."""

from collections.abc import Iterator
from typing import Final

from dashboards.boards.promql import TARGET
from dashboards.facts import Facts
from dashboards.panel import Kind, Panel, Query, Row, Step, Unit
from dashboards.thresholds import too_high, warn_above

_REAL_DISKS: Final = 'fstype!~"tmpfs|ramfs|squashfs|iso9660"'


def resources(facts: Facts) -> Row:
    """Return the row about the machine and the process."""
    return Row("Is there room on the machine?", tuple(_panels(facts)))


def _panels(facts: Facts) -> Iterator[Panel]:
    yield _share(
        "Processor in use",
        f'1 - avg by (instance) (rate(node_cpu_seconds_total{{{TARGET},mode="idle"}}'
        "[$__rate_interval]))",
        "below four fifths, so that a burst finds room.",
        "compare with the request rate: with more requests scale out, without look at `top`.",
        warn_above(facts.limit("cpu_ratio")),
        "CpuHigh",
    )
    yield _share(
        "Memory of the service against its limit",
        f"process_resident_memory_bytes{{{TARGET}}} / (process_memory_limit_bytes{{{TARGET}}} > 0)",
        "flat over days.",
        "a steady climb is a leak: restart one instance at a time and compare releases.",
        too_high(bad=facts.limit("memory_ratio")),
        "MemoryHigh",
        when_empty="The process runs without a memory limit, so there is no share of one.",
    )
    yield _share(
        "Disk in use",
        f"max by (instance, device) (1 - node_filesystem_avail_bytes{{{TARGET},{_REAL_DISKS}}}"
        f" / node_filesystem_size_bytes{{{TARGET},{_REAL_DISKS}}})",
        "below four fifths and growing slowly.",
        "compress the logs of past weeks, then look for old backups.",
        warn_above(facts.limit("disk_ratio")),
        "DiskNearlyFull",
        legend="{{instance}} {{device}}",
    )
    yield Panel(
        title="Memory of the machine in use",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(
            Query(
                f"1 - node_memory_MemAvailable_bytes{{{TARGET}}}"
                f" / node_memory_MemTotal_bytes{{{TARGET}}}",
                "{{instance}}",
            ),
        ),
        good="level; the page cache is not counted.",
        otherwise="find the largest process; the service's own share is beside this.",
        steps=too_high(bad=facts.limit("memory_ratio")),
        alerts=("MemoryHigh",),
        width=6,
        lowest=0,
        highest=1,
    )
    yield Panel(
        title="Network",
        kind=Kind.TIMESERIES,
        unit=Unit.BYTES_PER_SECOND,
        queries=tuple(
            Query(
                f"sum by (instance) (rate(node_network_{way}_bytes_total"
                f'{{{TARGET},device!="lo"}}[$__rate_interval]))',
                f"{{{{instance}}}} {name}",
            )
            for way, name in (("receive", "in"), ("transmit", "out"))
        ),
        good="moves with the request rate.",
        otherwise="much out for few requests means large answers or a backup that runs.",
        width=6,
        lowest=0,
    )
    yield _share(
        "Open files against their limit",
        f"max by (job) (process_open_fds{{{TARGET}}} / process_max_fds{{{TARGET}}})",
        "far from the limit and level.",
        "a climb is a connection that is never closed: restart, then look at the pools.",
        too_high(bad=facts.limit("descriptor_ratio")),
        "FileDescriptorsHigh",
        legend="{{job}}",
        width=6,
    )
    yield Panel(
        title="Processor time per process",
        kind=Kind.TIMESERIES,
        unit=Unit.TIMES,
        queries=(
            Query(
                f"sum by (job) (rate(process_cpu_seconds_total{{{TARGET}}}[$__rate_interval]))",
                "{{job}} cores",
            ),
        ),
        good="the service stays under one core per worker.",
        otherwise="at one core per worker requests queue: add workers or instances.",
        width=6,
        lowest=0,
    )


def _share(
    title: str,
    expr: str,
    good: str,
    otherwise: str,
    steps: tuple[Step, ...],
    alert: str,
    *,
    legend: str = "{{instance}}",
    when_empty: str = "",
    width: int = 8,
) -> Panel:
    return Panel(
        title=title,
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(expr, legend),),
        good=good,
        otherwise=otherwise,
        steps=steps,
        alerts=(alert,),
        when_empty=when_empty,
        width=width,
        lowest=0,
        highest=1,
    )
