"""Alerts that watch one quantity against one limit."""

from collections.abc import Callable

from alerts.behaviour.case import STALE, Case, gauge
from alerts.behaviour.worlds import API, WHOLE

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


def gauge_cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        "ServiceDown": [
            *limit(one(f"up{{{API}}}"), 1, 0, 1, 1, 5),
            Case("one of two is down", {
                f"up{{{API}}}": gauge((1, 5), (0, 10)),
                'up{job="service",instance="b"}': gauge((1, 15))}, 15, fires=False),
        ],
        "InstanceDown": [
            Case("one of two is down, then well again", {
                f"up{{{API}}}": gauge((1, 5), (0, 12), (1, 25)),
                'up{job="service",instance="b"}': gauge((1, 42))}, 42, fires=True),
            Case("one of two is down for too short a time", {
                f"up{{{API}}}": gauge((1, 5), (0, 4), (1, 9)),
                'up{job="service",instance="b"}': gauge((1, 18))}, 18, fires=False),
            Case("all are down, which is another alert", {
                f"up{{{API}}}": gauge((1, 5), (0, 15))}, 20, fires=False),
        ],
        "Watchdog": [Case("always", {f"up{{{API}}}": gauge((1, 5))}, 5, fires=True)],
        "TargetsMissing": [
            Case("the target is forgotten", {f"up{{{API}}}": gauge((1, 5), (STALE, 8), (1, 12))},
                 25, fires=True),
            Case("the samples stop", {f"up{{{API}}}": "1x4 _x8 1x11"}, 25, fires=True),
            Case("one sample is missing", {f"up{{{API}}}": "1x4 _ 1x11"}, 17, fires=False),
            Case("one instance is left", {
                f"up{{{API}}}": gauge((1, 5), (STALE, 10)),
                'up{job="service",instance="b"}': gauge((1, 15))}, 15, fires=False),
        ],
        "AccuracyUnknown": missing(
            WHOLE, 60, 15),
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
    }  # fmt: skip


def missing(series: str, hold: int, keep: int) -> list[Case]:
    """Return the situations of a measurement that ends; it is missed until it comes back."""
    return [
        Case("the series ends and comes back",
             {series: gauge((1, 5), (STALE, hold + 6), (1, keep + 6))}, hold + keep + 17,
             fires=True),
        Case("a short gap", {series: gauge((1, 5), (STALE, hold * 3 // 4), (1, 5))},
             hold + 8, fires=False),
        Case("it was never there", {f"up{{{API}}}": gauge((1, hold + 10))}, hold + 10,
             fires=True),
        Case("it is missed for longer than a day", {series: gauge((1, 5), (STALE, 1500))},
             1500, fires=True),
    ]  # fmt: skip


def _restarts(gaps: tuple[int, ...]) -> dict[str, str]:
    """Return a start time that changes after each gap of minutes."""
    parts = [gauge((1000 + index, span)) for index, span in enumerate(gaps)]
    return {f"started{{{API}}}": " ".join(parts)}
