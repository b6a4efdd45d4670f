"""What a request says about time, sorted by kind; filled while its expressions are gathered."""

from dataclasses import dataclass, field

from service.parsing.engine import Item
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    Length,
    Moment,
    Offset,
    Part,
    Repeat,
    Said,
    Within,
)  # fmt: skip

_WITHIN_A_DAY = frozenset(("HOURLY", "MINUTELY", "SECONDLY"))


@dataclass(slots=True)
class TimeExpressions:
    """What was said about time, each part at most once, and the items that said it."""

    date: Said = None
    clock: Said = None
    clocks: tuple[Clock, ...] = ()  # further times of the day, for a rule
    clock_span: ClockSpan | None = None
    span: DateSpan | Within | None = None
    until: Said = None
    part: Part | None = None
    length: Length | None = None
    repeat: Repeat | None = None
    count: int | None = None
    zone: str | int | None = None  # an IANA name, or minutes east of UTC
    end_zone: str | int | None = None  # of the end, where it is said
    zone_doubt: int = 0
    reminders: list[Length] = field(default_factory=list)
    excepted: list[Said] = field(default_factory=list)  # dates a rule leaves out
    problems: list[str] = field(default_factory=list)
    used: list[Item] = field(default_factory=list)
    second: list[Item] = field(default_factory=list)  # of a kind that was said already
    extra_dates: int = 0
    weak: bool = False
    hint: Part | None = None
    starting: bool = False
    weekly: bool = False  # a stretch of weekdays was taken for those of each week
    lone_hour: bool = False  # a number that stands alone was taken for an hour

    @property
    def timed(self) -> bool:
        """True when a time of day, or a part of the day, is said."""
        ends = (self.span.start, self.span.end) if isinstance(self.span, DateSpan) else ()
        return (
            self.clock is not None or self.clock_span is not None or self.part is not None
            or bool(self.clocks) or (isinstance(self.date, Offset) and self.date.length.is_clock)
            or any(isinstance(end, Moment) and end.clock is not None for end in (*ends, self.until))
            or (self.repeat is not None and self.repeat.freq in _WITHIN_A_DAY)
        )  # fmt: skip

    @property
    def found(self) -> bool:
        """True when anything says when."""
        return not (
            self.date is None and self.clock is None and self.clock_span is None
            and self.span is None and self.part is None and self.repeat is None
            and self.until is None
        )  # fmt: skip
