"""What goes into the parser and what comes out: frozen values only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

Intent = Literal["create", "query", "move", "cancel", "none"]
Stage = Literal["tokens", "expressions", "composition", "resolution", "roles"]
Direction = Literal["future", "past"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """The conventions a user may choose; docs/parsing.md says what each default means.

    Hours are 0 to 23, weekdays 0 (Monday) to 6, lengths are minutes.
    """

    day_first: bool = False  # 3/4 is March 4th
    week_start: int = 0
    next_weekday_skips: bool = True  # "next Friday" is the Friday of the coming week
    direction: Direction = "future"  # where neither the words nor the tense say
    default_minutes: int = 60  # the length of an event that says none
    morning_hour: int = 8
    afternoon_hour: int = 14
    evening_hour: int = 18
    night_hour: int = 20
    earliest_waking_hour: int = 7  # a bare "at 6" means 18:00, a bare "at 7" may be either


@dataclass(frozen=True, slots=True)
class Event:
    """A calendar entry as understood. `end` is exclusive; all-day events have plain dates."""

    title: str
    start: datetime | date | None
    end: datetime | date | None
    all_day: bool
    timezone: str
    recurrence: str | None = None
    location: str | None = None
    attendees: tuple[str, ...] = ()
    reminders_minutes: tuple[int, ...] = ()


class Evidence(NamedTuple):
    """Which words, by which rule of which stage, made which value; `str(value)` is fit to show."""

    part: str
    words: str
    start: int
    end: int
    rule: str
    value: object
    stage: Stage = "expressions"


class Alternative(NamedTuple):
    """Another reading of the same words, less likely than the one chosen."""

    start: datetime | date
    end: datetime | date | None
    reason: str
    likelihood: float


class Doubt(NamedTuple):
    """Something that may have been meant otherwise: a stable code, its words, the assumption."""

    code: str
    words: str
    assumed: str


class Why(NamedTuple):
    """How a decision came about: which words made what, and what else they may mean."""

    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything the parser has to say about one text.

    Few ask why, so the answer to that is worked out when it is asked for.
    """

    event: Event
    confidence: float
    breakdown: Mapping[str, float]  # start, end, recurrence, title, attendees, location, intent
    intent: Intent
    problems: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    signs: tuple[str, ...] = ()  # what else the confidence was worked out from
    words: str = ""  # what the event was read from
    others: tuple["Decision", ...] = ()  # further events that the same text states
    why: Callable[[], Why] = field(default=Why, repr=False, compare=False)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Which words, by which rule of which stage, made which value."""
        return self.why().evidence

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Return other readings of the same words, ranked."""
        return self.why().alternatives
