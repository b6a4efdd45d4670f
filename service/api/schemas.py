"""The bodies and queries of the HTTP contract, as the outside must write them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MOMENT = "A date `YYYY-MM-DD`, or an RFC 3339 time; without an offset it is the zone's wall clock."
# Shown in the document only: the service itself says more precisely what is wrong with a time.
TIME_PATTERN = (
    r"^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"([Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?([Zz]|[+-](0\d|1[0-3]):[0-5]\d)?)?$"
)
_TIMES: dict[str, Any] = {
    "pattern": TIME_PATTERN,
    "examples": ["2026-03-02T09:00:00+01:00", "2026-03-02"],
}
_ZONES: dict[str, Any] = {"examples": ["Europe/Berlin", "America/New_York", "UTC"]}
_RULES: dict[str, Any] = {
    "examples": ["FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10", "FREQ=MONTHLY;BYMONTHDAY=-1"]
}
Moment = Annotated[
    str, Field(min_length=10, max_length=40, description=MOMENT, json_schema_extra=_TIMES)
]
Zone = Annotated[
    str,
    Field(min_length=1, max_length=64, description="An IANA time zone.", json_schema_extra=_ZONES),
]
Title = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Calendar = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Sentence = Annotated[str, Field(min_length=1, max_length=2000)]
RuleText = Annotated[
    str,
    Field(max_length=500, description="An RFC 5545 RRULE value.", json_schema_extra=_RULES),
]


def _whole(value: Any) -> Any:
    """Return 3 for 3.0: to JSON both are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]


class Body(BaseModel):
    """A body with exactly the documented fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ParseIn(Body):
    """A sentence to read."""

    text: Sentence
    now: Moment | None = None
    timezone: Zone = "UTC"


class ParsedEvent(BaseModel):
    """The event that a sentence states."""

    title: str
    start: str | None
    end: str | None
    all_day: bool
    timezone: str
    recurrence: str | None
    location: str | None
    attendees: list[str]


class ParseOut(BaseModel):
    """What was understood, and how surely."""

    event: ParsedEvent
    confidence: float = Field(ge=0, le=1)
    confidence_breakdown: dict[str, float]
    decision_id: str
    source: Literal["rules", "llm", "cache"]
    problems: list[str]


class EventIn(Body):
    """An event to keep."""

    title: Title
    start: Moment
    end: Moment | None = None
    all_day: bool | None = None
    timezone: Zone = "UTC"
    recurrence: RuleText | None = None
    exdates: Annotated[list[Moment], Field(max_length=1000)] = []
    location: Annotated[str, Field(max_length=500)] | None = None
    attendees: Annotated[list[Name], Field(max_length=200)] = []
    description: Annotated[str, Field(max_length=10_000)] = ""
    calendar: Calendar = "default"
    busy: bool = True


class NewEventIn(EventIn):
    """An event to keep, and what to do when it overlaps others in its first year."""

    on_conflict: Literal["allow", "reject"] = "allow"


class EventPatch(Body):
    """The fields to change; those not given stay (RFC 7396)."""

    title: Title | None = None
    start: Moment | None = None
    end: Moment | None = None
    all_day: bool | None = None
    timezone: Zone | None = None
    recurrence: RuleText | None = None
    exdates: Annotated[list[Moment], Field(max_length=1000)] | None = None
    location: Annotated[str, Field(max_length=500)] | None = None
    attendees: Annotated[list[Name], Field(max_length=200)] | None = None
    description: Annotated[str, Field(max_length=10_000)] | None = None
    calendar: Calendar | None = None
    busy: bool | None = None


class EventOut(BaseModel):
    """An event that is kept."""

    id: str
    uid: str
    title: str
    start: str
    end: str
    all_day: bool
    timezone: str
    recurrence: str | None
    exdates: list[str]
    location: str | None
    attendees: list[str]
    description: str
    calendar: str
    busy: bool
    version: int
    created_at: str
    updated_at: str


class EventList(BaseModel):
    """A page of events in the order of their start."""

    events: list[EventOut]
    next_cursor: str | None


class ListQuery(BaseModel):
    """Which events to list."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    start: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    q: Annotated[str, Field(max_length=200)] = ""
    timezone: Zone = "UTC"
    calendar: Annotated[list[Calendar], Field(max_length=50)] = []
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: Annotated[str, Field(max_length=200)] = ""


class HealthOut(BaseModel):
    """How the service is."""

    status: Literal["healthy", "degraded", "unhealthy"]
    version: str
    dependencies: dict[str, str]


class ProblemOut(BaseModel):
    """A problem document, RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[dict[str, Any]] = []


class CacheStats(BaseModel):
    """How well the caches work."""

    hits: int
    misses: int
    hit_ratio: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Between 0 and 1; null as long as nothing was asked for."
    )
    entries: int
    tiers: dict[str, dict[str, int]]


class CacheCleared(BaseModel):
    """How many answers each tier has forgotten; null for a Redis that could not be reached."""

    cleared: dict[str, int | None]


class WindowQuery(BaseModel):
    """A window of time in some calendars; none named means all."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    timezone: Zone = "UTC"
    calendar: Annotated[list[Calendar], Field(max_length=50)] = []


class LimitedWindowQuery(WindowQuery):
    """A window of which the first few are wanted."""

    limit: int = Field(default=100, ge=1, le=1000)


class OccurrenceOut(BaseModel):
    """One time an event happens. `at` names it in the paths of the service."""

    event_id: str
    at: str
    start: str
    end: str
    title: str
    location: str | None
    description: str
    changed: bool


class OccurrenceList(BaseModel):
    """Occurrences in the order of their start."""

    occurrences: list[OccurrenceOut]


class OccurrencePatch(Body):
    """What is different about one occurrence, or about it and all that follow."""

    span: Literal["this", "following"] = "this"
    title: Title | None = None
    start: Moment | None = None
    end: Moment | None = None
    location: Annotated[str, Field(max_length=500)] | None = None
    description: Annotated[str, Field(max_length=10_000)] | None = None


class SpanQuery(BaseModel):
    """Whether one occurrence is meant, or it and all that follow."""

    model_config = ConfigDict(extra="forbid")

    span: Literal["this", "following"] = "this"


class Conflict(BaseModel):
    """Two occurrences at the same time: of the event asked about, and of another."""

    occurrence: OccurrenceOut
    other: OccurrenceOut


class ConflictList(BaseModel):
    """What overlaps an event."""

    conflicts: list[Conflict]


class IntervalOut(BaseModel):
    """A stretch of time; the end is exclusive."""

    start: str
    end: str


class FreeBusyOut(BaseModel):
    """When somebody is busy."""

    busy: list[IntervalOut]


class SlotList(BaseModel):
    """Times that suit, the earliest first."""

    slots: list[IntervalOut]


WEEKDAY_LIST = r"^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6}$"
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]


class SlotsQuery(WindowQuery):
    """What a time must suit. Working hours hold in each of `zones` (default: `timezone`)."""

    minutes: int = Field(ge=5, le=1440, description="How long it must last.")
    count: int = Field(default=5, ge=1, le=100)
    step: int = Field(default=15, ge=5, le=60, multiple_of=5)
    buffer: int = Field(default=0, ge=0, le=240, description="Minutes free before and after.")
    zones: Annotated[list[Zone], Field(max_length=10)] = []
    work_from: ClockTime = "09:00"
    work_to: ClockTime = "17:00"
    days: str = Field(default="MO,TU,WE,TH,FR", pattern=WEEKDAY_LIST)


class QuickIn(ParseIn):
    """A sentence to read and keep as an event."""

    calendar: Calendar = "default"


class QuickOut(BaseModel):
    """The event that was kept, and how surely the sentence was understood."""

    event: EventOut
    confidence: float
    decision_id: str
    source: Literal["rules", "llm", "cache"]


class CalendarsQuery(BaseModel):
    """Which calendars; none named means all."""

    model_config = ConfigDict(extra="forbid")

    calendar: Annotated[list[Calendar], Field(max_length=50)] = []


class ImportOut(BaseModel):
    """What became of an import."""

    created: int
    updated: int
    skipped: list[dict[str, str]]
