"""The series of small worlds in which one thing goes wrong, in the words of roles.

`translate.py` says them in the names of a project.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, counter, gauge, length

SERVICE: Final = "service"
WHOLE: Final = f'accuracy{{job="{SERVICE}",instance="a",slice="all"}}'
"""The accuracy of the whole golden set."""
API: Final = f'job="{SERVICE}",instance="a"'


def single(
    series: str, level: Sequence[Segment], *, name: str, fires: bool, counts: bool = False
) -> Case:
    """Return a world of one series."""
    write = counter if counts else gauge
    return Case(name, {series: write(*level)}, length(level), fires)


def requests(
    segments: Sequence[tuple[float, float, int]],
    *,
    name: str,
    fires: bool,
    route: str = "/list",
    more: Mapping[str, str] | None = None,
) -> Case:
    """Return a world of requests; segments are (requests a minute, share failing, minutes)."""
    good = [(rate * (1 - bad), minutes) for rate, bad, minutes in segments]
    failed = [(rate * bad, minutes) for rate, bad, minutes in segments]
    minutes = sum(part[2] for part in segments)
    labels = f'{API},method="GET",route="{route}"'
    series = {
        f'requests{{{labels},status="200"}}': counter(*good),
        f'requests{{{labels},status="500"}}': counter(*failed),
        f"up{{{API}}}": gauge((1, minutes)),
        **(more or {}),
    }
    return Case(name, series, minutes, fires)


def speeds(
    segments: Sequence[tuple[float, float, float, int]],
    *,
    name: str,
    fires: bool,
    route: str = "/list",
) -> Case:
    """Return a world of durations; (requests a minute, share over 1 s, over 2 s, minutes)."""
    minutes = sum(part[3] for part in segments)
    series = {}
    for edge, pick in (
        ("1.0", [(rate * (1 - one), span) for rate, one, _, span in segments]),
        ("2.0", [(rate * (1 - two), span) for rate, _, two, span in segments]),
        ("+Inf", [(rate, span) for rate, _, _, span in segments]),
    ):
        labels = f'{API},method="GET",route="{route}",le="{edge}"'
        series[f"latency_bucket{{{labels}}}"] = counter(*pick)
    return Case(name, series, minutes, fires)


def known(alert: str, segments: Sequence[Segment], service: str = SERVICE) -> dict[str, str]:
    """Return the series of an alert of a service that is firing where the segments say 1."""
    labels = f'alertname="{alert}",alertstate="firing",severity="critical",service="{service}"'
    name = f"ALERTS{{{labels}}}"
    return {name: gauge(*segments)}


def page_of(
    service: str, minutes: int, *, alert: str = "ServiceDown", hold_s: int = 60, now: int = 5
) -> dict[str, str]:
    """Return the series of an alert that fires from a minute on for so long, and 9 more.

    It was pending for `hold_s` seconds before.
    """
    labels = f'alertname="{alert}",severity="critical",topic="{alert}",service="{service}"'
    since = 60 * now - hold_s
    return {
        f'ALERTS{{{labels},alertstate="firing"}}': gauge((STALE, now), (1, minutes), (STALE, 9)),
        f"ALERTS_FOR_STATE{{{labels}}}": gauge((STALE, now), (since, minutes), (STALE, 9)),
    }
