"""Each clause of the alerts on vanished traffic, and on the calendar of days off, at its limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Episode:
    """Traffic of an hour and now, and what came at the same time of an earlier day."""

    before: Sequence[Segment]
    now: Sequence[Segment]
    past: float
    known: Segment | None = None
    """How much of that time was seen, where it was not all: (from minute, to minute)."""

    def earlier(self) -> list[Segment]:
        """Return what came then, minute by minute beside what comes now."""
        span = length([*self.before, *self.now])
        if self.known is None:
            return [(self.past, span)]
        begin, end = map(int, self.known)
        return [(STALE, begin), (self.past, end - begin), (STALE, span - end)]


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {
        TRAFFIC_VANISHED: [*_briefly(), *_tried(), *_stays(), _vanished_since_yesterday(), _week()],
        "TrafficUnusual": [*_unusual(), *_ever_the_same()],
        DAYS_OFF_ENDING: _ending(),
    }


def _case(name: str, story: list[Segment], *, fires: bool, past: list[Segment] | None = None,
          more: Mapping[str, str] | None = None) -> Case:  # fmt: skip
    """Return a case of what came long ago, if anything, and of what comes now."""
    lead = past or []
    span = length([*lead, *story])
    series = {TOTAL + ERRORS: gauge(*lead, *story), f"up{{{API}}}": f"1x{span - 1}", **(more or {})}
    return Case(f"given: {name}", series, span, fires, quiet=length(lead))


def _episodes(
    name: str, ago: int, episodes: Sequence[_Episode], more: Mapping[str, str] | None = None
) -> Case:
    """Return episodes one after the other, so that the time since then is played only once."""
    past = [each for one in episodes for each in one.earlier()]
    story = [each for one in episodes for each in (*one.before, *one.now)]
    if length(story) >= _DAY:
        raise ValueError(f"{name}: what comes first would be yesterday of what comes last")
    lead = [*past, (STALE, ago - length(past))]
    return _case(name, story, fires=True, past=lead, more=more)


_RISES: Final[list[Segment]] = [(0.001, 58), (1.03, 20)]
"""The mean of an hour that ends ten minutes ago passes the least while nothing comes."""
_SOARS: Final[list[Segment]] = [(1.0, 58), (24.0, 20)]
"""Here it passes 8.33, of which 0.25 is the share that may be left."""


def _hour(level: float) -> list[Segment]:
    return [(level, _BEFORE)]


def _some(minutes: int, earlier: int = 0) -> list[Segment]:
    """Return an hour with requests in some of its minutes only."""
    return [(0.5, earlier), (0.0, _BEFORE - minutes), (0.5, minutes)]


def _first(minutes: int, idle: int = 0) -> list[Segment]:
    """Return requests in the only minutes of two hours in which anything was known."""
    return [(STALE, 125), *([(0.0, idle)] if idle else []), (0.5, minutes)]


_AWAY: Final[list[Segment]] = [(10, 80), (STALE, 40)]
"""Nobody answered for most of an hour, before which many asked."""


def _vanished_since_yesterday() -> Case:
    """Return nothing at all, at each limit of what is usual and of what came before."""
    none: list[Segment] = [(0.0, 8)]
    after = [_Episode(_hour(10), [(0, 6), (left, 6), (10, 4)], 10) for left in (0.29, 0.3, 0.31)]
    limits = [_Episode(_hour(10), none, usual) for usual in (0.2, 0.21)]
    hours = [_Episode(_hour(before), none, 10) for before in (0.2, 0.21)]
    rises = _Episode(_RISES, [(0.0, 20)], 10)
    return _episodes("nothing, beside yesterday", _DAY, [*after, *limits, *hours, rises])


def _week() -> Case:
    """Return a little traffic where the same weekday a week ago had more, and where it is unsure.

    Seen ten minutes before, the week ago is known; seen a quarter of an hour before, it is not.
    """

    def few(left: float, before: float = 10, usual: float = 10,
            known: Segment | None = None) -> _Episode:  # fmt: skip
        return _Episode(_hour(before), [(left, 16)], usual, known)

    episodes = [
        few(0.1),  # a day off
        few(0.29),
        *(few(left, usual=20) for left in (0.3, 0.31)),
        *(few(left, before=20) for left in (0.3, 0.31)),
        _Episode(_SOARS, [(0.25, 20)], 20),
        few(0.25, known=(0, _BEFORE - 4)),
        few(0.25, known=(0, _BEFORE - 11)),
    ]
    span = _WEEK + sum(length([*each.before, *each.now]) for each in episodes)
    off = {_OFF: f"1x{_WEEK + _BEFORE + 16} 0x{span - _WEEK - _BEFORE - 18}"}
    return _episodes("a little, beside a week ago", _WEEK, episodes, off)


def _tried() -> list[Case]:
    """Return requests in some minutes of the hour before only, and none since."""
    return [
        _case(name, [*_some(minutes, earlier), (0.0, 8)], fires=fires)
        for name, minutes, earlier, fires in (
            ("half a minute that was tried", 2, 0, False),
            ("a minute less than three in four", 46, 0, False),
            ("a minute less than three in four, and more before", 46, 40, False),
            ("three in four minutes", 47, 0, True),
        )
    ] + [
        _case(name, [*story, (0.0, 8)], fires=fires)
        for name, story, fires in (
            ("the first minutes of all, one too few", _first(46), False),
            ("the first minutes of all", _first(47), True),
            ("the first minutes of all, and before them none", _first(40, idle=12), False),
            ("as few, and more that were too long ago", [(0.5, 60), *_first(46)], False),
        )
    ]  # fmt: skip


def _briefly() -> list[Case]:
    """Return two minutes without a request, where as much as this is usual."""
    return [
        _case(f"two minutes of {usual:g}", [*_hour(usual), (0.0, 2), (usual, 12)], fires=fires)
        for usual, fires in ((2.0, False), (2.05, True))
    ]


def _stays() -> list[Case]:
    """Return a page that stays while nothing comes, whatever the hour before has forgotten."""
    return [
        _case("nothing comes for long", [(10, 80), (0, 100), (10, 12)], fires=True),
        _case("nothing comes once it answers again", [*_AWAY, (0, 30), (10, 12)], fires=True),
    ]


def _unusual() -> list[Case]:
    """Return what is far below yesterday, and what is just not, or not for sure."""

    def low(left: float, *, before: float = 10, usual: float = 10, minutes: int = 12,
            known: Segment | None = None) -> _Episode:  # fmt: skip
        return _Episode(_hour(before), [(left, minutes)], usual, known)

    limits = [
        *(low(left, before=20) for left in (0.29, 0.3, 0.31)),
        *(low(left, usual=20) for left in (0.29, 0.3, 0.31)),
        *(low(0.001, usual=usual) for usual in (0.2, 0.21)),
        *(low(0.001, before=before) for before in (0.2, 0.21)),
        # Seen until seven minutes before, and until a minute before.
        *(low(0.1, minutes=16, known=(0, _BEFORE - end)) for end in (7, 1)),
    ]
    hours = [
        _Episode(_RISES, [(0.0, 25)], 10),
        _Episode(_SOARS, [(0.25, 25)], 20),
        *(_Episode(_some(minutes), [(0.0, 25)], 10) for minutes in (44, 45)),
        _Episode(_some(44, earlier=40), [(0.0, 25)], 10),
    ]
    away = [
        *(_Episode(_first(minutes), [(0.0, 25)], 10) for minutes in (44, 45)),
        _Episode(_first(38, idle=12), [(0.0, 25)], 10),
        _Episode([(0.5, 60), *_first(44)], [(0.0, 25)], 10),
        _Episode(_AWAY, [(0.0, 25)], 10),
    ]
    return [
        _episodes("far below yesterday", _DAY, limits),
        _episodes("far below the hour before", _DAY, hours),
        _episodes("nobody answered for a while", _DAY, away),
    ]


def _ever_the_same() -> list[Case]:
    """Return what would be unusual if it were known, or if it were not known better."""
    story: list[Segment] = [*_hour(10), (0.1, 20)]
    past: list[Segment] = [(10.0, length(story)), (STALE, _DAY - length(story))]
    span = length([*past, *story])
    nobody = {f"up{{{API}}}": f"0x{span - 1}"}
    known_to_be = known(TRAFFIC_VANISHED, [(1, span)])
    return [
        _case("nothing was known yesterday", story, fires=False),
        _case("nothing answers", story, fires=False, past=past, more=nobody),
        _case("it is known to have vanished", story, fires=False, past=past, more=known_to_be),
    ]


def _ending() -> list[Case]:
    def until(name: str, minutes: int, *, fires: bool) -> Case:
        end = f"{_MONTH_S + 60 * minutes}x140"
        return Case(name, {_END: end}, 141, fires)

    return [
        until("it ends thirty days after the tenth minute", 10, fires=True),
        until("it ends long after that", 5000, fires=False),
        Case("nothing tells of it", {"up": "1x80"}, 81, fires=True),
    ]
