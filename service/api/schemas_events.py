"""The bodies and queries of events, one by one and as files."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from service.api.fields import (
    NO_NUL,
    Body,
    Calendar,
    Description,
    End,
    Left,
    Name,
    Parameters,
    Place,
    RuleText,
    Start,
    Title,
    Zone,
)
from service.api.schemas import SentenceIn, StatedEvent


def _is_none(value: object) -> bool:
    return value is None


class EventIn(Body):
    """An event to keep."""

    title: Title
    start: Start
    end: End | None = None
    all_day: bool | None = None
    timezone: Zone = "UTC"
    recurrence: RuleText | None = None
    exdates: list[Left] = Field(default=[], max_length=1000)
    rdates: Annotated[list[Left], Field(max_length=1000)] | None = Field(
        default=None,
        description="Further times; not given, those that it has stay.",
        exclude_if=_is_none,  # what an Idempotency-Key was used for stays the same text
    )
    location: Place | None = None
    attendees: list[Name] = Field(default=[], max_length=200)
    description: Description = ""
    calendar: Calendar = "default"
    busy: bool = True


class NewEventIn(EventIn):
    """An event to keep, and what to do when it overlaps others in its first year."""

    on_conflict: Literal["allow", "reject"] = "allow"


class EventPatch(Body):
    """The fields to change; those not given stay (RFC 7396)."""

    title: Title | None = None
    start: Start | None = None
    end: End | None = None
    all_day: bool | None = None
    timezone: Zone | None = None
    recurrence: RuleText | None = None
    exdates: Annotated[list[Left], Field(max_length=1000)] | None = None
    rdates: Annotated[list[Left], Field(max_length=1000)] | None = None
    location: Place | None = None
    attendees: Annotated[list[Name], Field(max_length=200)] | None = None
    description: Description | None = None
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
    rdates: list[str] = Field(default=[], description="Times beside those of the rule.")
    more_rules: list[str] = Field(default=[], description="Further rules of an imported event.")
    exrules: list[str] = Field(default=[], description="Rules of what is left out.")
    floating: bool = Field(default=False, description="Its times are those of any clock.")
    properties: list[str] = Field(
        default=[], description="Every line of the file that it came from; of one event only."
    )


class ForceQuery(Parameters):
    """Whether changed occurrences that have no place in the changed series are dropped."""

    force: bool = False


class EventList(BaseModel):
    """A page of events in the order of their start."""

    events: list[EventOut]
    next_cursor: str | None


class ListQuery(Parameters):
    """Which events to list."""

    start: Start | None = Field(default=None, alias="from")
    end: End | None = Field(default=None, alias="to")
    q: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    timezone: Zone = "UTC"
    calendar: list[Calendar] = Field(default=[], max_length=50)
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: Annotated[str, Field(max_length=200)] = ""


class QuickIn(SentenceIn):
    """A sentence to read and keep as an event."""

    calendar: Calendar = "default"


class QuickOut(BaseModel):
    """The event that was kept, and how surely the sentence was understood."""

    event: EventOut
    confidence: float
    decision_id: str
    source: Literal["rules", "llm", "cache"]
    left_out: list[StatedEvent] = Field(
        default=[], description="Further events that the text states; they were not kept."
    )


class CalendarsQuery(Parameters):
    """Which calendars; none named means all."""

    calendar: list[Calendar] = Field(default=[], max_length=50)


class ImportQuery(Parameters):
    """How a file is imported."""

    dry_run: bool = Field(default=False, description="Only say what would be kept, and how.")
    background: bool = Field(default=False, description="Answer 202 whatever its size.")


class ImportOut(BaseModel):
    """What became of an import; `warnings`, when there are any, say what was read otherwise."""

    created: int
    updated: int
    skipped: list[dict[str, str]]
    warnings: list[dict[str, str]] = []


class ImportJobOut(BaseModel):
    """An import that outlasts its request; the results are there as far as it is `done`."""

    id: str
    state: Literal["running", "done", "failed"]
    total: int = Field(description="Events in the file, each UID once.")
    dry_run: bool
    done: int = 0
    created: int = 0
    updated: int = 0
    skipped: list[dict[str, str]] = []
    warnings: list[dict[str, str]] = []
    reason: str = Field(default="", description="Why it failed.")
