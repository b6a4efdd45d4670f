"""Each clause of the alerts on vanished traffic, and on the calendar of days off, at its limits."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, gauge, length
from alerts.behaviour.given import ERRORS
from alerts.behaviour.worlds import API, known
from alerts.names import DAY_OFF, DAYS_OFF_END, DAYS_OFF_ENDING, TOTAL, TRAFFIC_VANISHED

_DAY: Final = 1440
_WEEK: Final = 7 * _DAY
_BEFORE: Final = 78
_MONTH_S: Final = 30 * 86_400
_OFF: Final = f'{DAY_OFF}{{service="service"}}'
_END: Final = f'{DAYS_OFF_END}{{service="service"}}'


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        TRAFFIC_VANISHED: [*_zero(), *_tried(), *_briefly(), *_stays(), *_low()],
        "TrafficUnusual": _unusual(),
        DAYS_OFF_ENDING: _ending(),
    }


def _case(
    name: str, story: list[Segment], *, fires: bool, yesterday: float | None = None,
    more: Mapping[str, str] | None = None,
) -> Case:  # fmt: skip
    """Return traffic of the last hour and now, and forty minutes of yesterday at this time."""
    if yesterday is not None:
        story = [(yesterday, 40), (STALE, _DAY + 14 - 40 - _BEFORE), *story]
    span = length(story)
    series = {TOTAL + ERRORS: gauge(*story), f"up{{{API}}}": f"1x{span - 1}", **(more or {})}
    return Case(f"given: {name}", series, span, fires, quiet=max(0, span - 60))


def _zero() -> list[Case]:
    def none(name: str, before: float, yesterday: float | None = None, *, fires: bool) -> Case:
        story: list[Segment] = [(before, _BEFORE), (0.0, 8)]
        return _case(name, story, fires=fires, yesterday=yesterday)

    return [
        none("as little as may be usual", 10, 0.2, fires=False),
        none("a little more than may be usual", 10, 0.21, fires=True),
        none("as little as may have been", 0.2, fires=False),
        none("a little more than may have been", 0.21, fires=True),
    ]


def _tried() -> list[Case]:
    """Return requests in some minutes of the hour before only, and none since.

    Two of the last of these minutes are not in the hour that the last step looks at.
    """

    def tried(name: str, minutes: int, *, fires: bool) -> Case:
        story: list[Segment] = [(0.0, _BEFORE - minutes), (0.5, minutes), (0.0, 8)]
        return _case(name, story, fires=fires)

    return [
        tried("half a minute that was tried", 2, fires=False),
        tried("a minute less than three in four", 46, fires=False),
        tried("three in four minutes", 47, fires=True),
    ]


def _briefly() -> list[Case]:
    """Return two minutes without a request, where as much as this is usual."""
    return [
        _case(f"two minutes of {usual:g}", [(usual, _BEFORE), (0.0, 2), (usual, 12)], fires=fires)
        for usual, fires in ((2.0, False), (2.05, True))
    ]


def _stays() -> list[Case]:
    """Return a page that stays while little comes, whatever the hour before has forgotten."""
    case = _case("nothing comes for long", [(10, 80), (0, 100), (10, 12)], fires=True)
    return [replace(case, quiet=0)]


def _low() -> list[Case]:
    """Return a little traffic where the same weekday a week ago had more."""

    def low(name: str, now: float, *, fires: bool, off: float) -> Case:
        rest = _WEEK + 14 - 30 - _BEFORE
        story = [(10.0, 30), (STALE, rest), (10.0, _BEFORE), (now, 16)]
        more = {_OFF: f"{off:g}x{length(story) - 1}"}
        return _case(name, story, fires=fires, more=more)

    return [
        low("a little under what a week ago leaves", 0.29, fires=True, off=0),
        low("on a day off", 0.1, fires=False, off=1),
    ]


def _unusual() -> list[Case]:
    def low(name: str, now: float, *, fires: bool, before: float = 10.0,
            yesterday: float | None = 10.0, more: Mapping[str, str] | None = None
            ) -> Case:  # fmt: skip
        story = [(before, _BEFORE), (now, 20), (before, 20)]
        return _case(name, story, fires=fires, yesterday=yesterday, more=more)

    span = _DAY + 14 + 40
    return [
        low("much less than yesterday, then as usual", 0.29, fires=True),
        low("exactly what may be left", 0.3, fires=False),
        low("as little as may be usual", 0.001, fires=False, yesterday=0.2),
        low("a little more than may be usual", 0.001, fires=True, yesterday=0.21),
        low("nothing was known yesterday", 0.1, fires=False, yesterday=None),
        low("it is known to have vanished", 0.1, fires=False,
            more=known(TRAFFIC_VANISHED, [(1, span)])),
    ]  # fmt: skip


def _ending() -> list[Case]:
    def until(name: str, minutes: int, *, fires: bool) -> Case:
        end = f"{_MONTH_S + 60 * minutes}x140"
        return Case(name, {_END: end}, 141, fires)

    return [
        until("it ends thirty days after the tenth minute", 10, fires=True),
        until("it ends long after that", 5000, fires=False),
        Case("nothing tells of it", {"up": "1x80"}, 81, fires=True),
    ]
