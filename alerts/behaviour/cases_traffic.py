"""Each clause of the alerts on vanished traffic, and on the calendar of days off, at its limits."""

from collections.abc import Mapping
from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, gauge, length
from alerts.behaviour.given import ERRORS
from alerts.behaviour.worlds import API, known
from alerts.names import DAY_OFF, DAYS_OFF_END, DAYS_OFF_ENDING, TOTAL, TRAFFIC_VANISHED

_DAY: Final = 1440
_WEEK: Final = 7 * _DAY
_BEFORE: Final = 78
_MARGIN: Final = 14
_MONTH_S: Final = 30 * 86_400
_OFF: Final = f'{DAY_OFF}{{service="service"}}'
_END: Final = f'{DAYS_OFF_END}{{service="service"}}'


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        TRAFFIC_VANISHED: [*_zero(), *_briefly(), *_tried(8, 46, 47), *_stays(), *_low(), *_week()],
        "TrafficUnusual": _unusual(),
        DAYS_OFF_ENDING: _ending(),
    }


def _case(
    name: str, before: list[Segment], now: list[Segment], *, fires: bool,
    past: tuple[int, float, int] | None = None, more: Mapping[str, str] | None = None,
) -> Case:  # fmt: skip
    """Return traffic of the last hour and now.

    `past` is how long ago the minute `_MARGIN` of an earlier time was, seen from where `now`
    begins, how much came then, and for how many minutes that was seen.
    """
    lead: list[Segment] = []
    if past is not None:
        ago, level, minutes = past
        lead = [(level, minutes), (STALE, ago + _MARGIN - minutes - length(before))]
    story = [*lead, *before, *now]
    span = length(story)
    series = {TOTAL + ERRORS: gauge(*story), f"up{{{API}}}": f"1x{span - 1}", **(more or {})}
    return Case(f"given: {name}", series, span, fires, quiet=length(lead))


def _yesterday(level: float, minutes: int = 90) -> tuple[int, float, int]:
    return (_DAY, level, minutes)


def _zero() -> list[Case]:
    def none(name: str, before: float, yesterday: float, *, fires: bool) -> Case:
        story: list[Segment] = [(before, _BEFORE)]
        return _case(name, story, [(0.0, 8)], fires=fires, past=_yesterday(yesterday))

    return [
        none("as little as may be usual", 10, 0.2, fires=False),
        none("a little more than may be usual", 10, 0.21, fires=True),
        none("as little as may have been", 0.2, 10, fires=False),
        none("a little more than may have been", 0.21, 10, fires=True),
        _case("more came at the end of the hour", _RISES, [(0.0, 20)], fires=True,
              past=_yesterday(10)),
    ]  # fmt: skip


_RISES: Final[list[Segment]] = [(0.001, 58), (1.03, 20)]
"""The mean of an hour that ends ten minutes ago passes the least while nothing comes."""
_SOARS: Final[list[Segment]] = [(1.0, 58), (24.0, 20)]
"""Here it passes 8.33, of which 0.25 is the share that may be left."""


def _tried(rest: int, few: int, enough: int, past: tuple[int, float, int] | None = None
           ) -> list[Case]:  # fmt: skip
    """Return requests in some minutes of the hour before only, and none since."""

    def tried(name: str, minutes: int, *, fires: bool, earlier: int = 0) -> Case:
        story: list[Segment] = [(0.5, earlier), (0.0, _BEFORE - minutes), (0.5, minutes)]
        return _case(name, story, [(0.0, rest)], fires=fires, past=past)

    return [
        tried("half a minute that was tried", 2, fires=False),
        tried("a minute less than three in four", few, fires=False),
        tried("a minute less than three in four, and more before", few, fires=False, earlier=40),
        tried("three in four minutes", enough, fires=True),
    ]


def _briefly() -> list[Case]:
    """Return two minutes without a request, where as much as this is usual."""
    return [
        _case(f"two minutes of {usual:g}", [(usual, _BEFORE)], [(0.0, 2), (usual, 12)], fires=fires)
        for usual, fires in ((2.0, False), (2.05, True))
    ]


def _stays() -> list[Case]:
    """Return a page that stays while hardly anything comes, whatever the hour has forgotten."""
    few = [
        _case(f"{left:g} come after nothing", [(10, _BEFORE)], [(0, 6), (left, 6), (10, 4)],
              fires=True, past=_yesterday(10))
        for left in (0.29, 0.3, 0.31)
    ]  # fmt: skip
    return [_case("nothing comes for long", [(10, 80)], [(0, 100), (10, 12)], fires=True), *few]


def _low() -> list[Case]:
    """Return a little traffic where the same weekday a week ago had more."""

    def low(name: str, now: float, *, fires: bool, off: float = 0, before: float = 10.0,
            usual: float = 10.0) -> Case:  # fmt: skip
        span = _WEEK + _MARGIN + 16
        more = {_OFF: f"{off:g}x{span - 1}"}
        past = (_WEEK, usual, 40)
        return _case(name, [(before, _BEFORE)], [(now, 16)], fires=fires, past=past, more=more)

    return [
        low("a little under what a week ago leaves", 0.29, fires=True),
        low("on a day off", 0.1, fires=False, off=1),
        low("exactly what the hour leaves", 0.3, fires=False, usual=20),
        low("a little more than the hour leaves", 0.31, fires=False, usual=20),
        low("exactly what a week ago leaves", 0.3, fires=False, before=20),
        low("a little more than a week ago leaves", 0.31, fires=False, before=20),
    ]


def _week() -> list[Case]:
    """Return how much of a week ago has to be seen, and which hour before."""
    before: list[Segment] = [(10, _BEFORE)]
    few: list[Segment] = [(0.25, 16)]
    return [
        _case("more came at the end of the hour, and a little now", _SOARS, [(0.25, 20)],
              fires=True, past=(_WEEK, 20, 60)),
        _case("a week ago ten minutes were seen", before, few, fires=True, past=(_WEEK, 10, 10)),
        _case("a week ago three minutes were seen", before, few, fires=False, past=(_WEEK, 10, 3)),
    ]  # fmt: skip


def _unusual() -> list[Case]:
    def low(name: str, now: float, *, fires: bool, before: float = 10.0, yesterday: float = 10.0,
            minutes: int = 90, more: Mapping[str, str] | None = None) -> Case:  # fmt: skip
        story: list[Segment] = [(now, 20), (before, 20)]
        past = _yesterday(yesterday, minutes)
        return _case(name, [(before, _BEFORE)], story, fires=fires, past=past, more=more)

    span = _DAY + _MARGIN + 40
    nobody = {f"up{{{API}}}": f"0x{span - 1}"}
    known_to_be = known(TRAFFIC_VANISHED, [(1, span)])
    return [
        low("much less than yesterday, then as usual", 0.29, fires=True, before=20),
        low("exactly what yesterday leaves", 0.3, fires=False, before=20),
        low("a little more than yesterday leaves", 0.31, fires=False, before=20),
        low("much less than the hour before", 0.29, fires=True, yesterday=20),
        low("exactly what the hour leaves", 0.3, fires=False, yesterday=20),
        low("a little more than the hour leaves", 0.31, fires=False, yesterday=20),
        low("as little as may be usual", 0.001, fires=False, yesterday=0.2),
        low("a little more than may be usual", 0.001, fires=True, yesterday=0.21),
        low("as little as may have been", 0.001, fires=False, before=0.2),
        low("a little more than may have been", 0.001, fires=True, before=0.21),
        low("eight minutes of yesterday were seen", 0.1, fires=False, minutes=8),
        low("a quarter of an hour of yesterday was seen", 0.1, fires=True, minutes=14),
        low("nothing answers", 0.1, fires=False, more=nobody),
        low("it is known to have vanished", 0.1, fires=False, more=known_to_be),
        _case("nothing was known yesterday", [(10, _BEFORE)], [(0.1, 20)], fires=False),
        _case("more came at the end of the hour", _RISES, [(0.0, 25)], fires=True,
              past=_yesterday(10)),
        _case("much more came at the end of the hour", _SOARS, [(0.25, 25)], fires=True,
              past=_yesterday(20)),
        *_tried(25, 44, 45, _yesterday(10)),
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
