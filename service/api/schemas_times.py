"""The bodies and queries of when events happen and when somebody is free."""

from typing import Literal

from pydantic import BaseModel, Field

from service.api.fields import (
    Body,
    Calendar,
    Description,
    End,
    Parameters,
    Place,
    Start,
    Title,
    Zone,
)


class WindowQuery(Parameters):
    """A window of time in some calendars; none named means all."""

    start: Start = Field(alias="from")
    end: End = Field(alias="to")
    timezone: Zone = "UTC"
    calendar: list[Calendar] = Field(default=[], max_length=50)


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
    start: Start | None = None
    end: End | None = None
    location: Place | None = None
    description: Description | None = None


class SpanQuery(Parameters):
    """Whether one occurrence is meant, or it and all that follow."""

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
CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class SlotsQuery(WindowQuery):
    """What a time must suit. Working hours hold in each of `zones` (default: `timezone`)."""

    minutes: int = Field(ge=5, le=1440, description="How long it must last.")
    count: int = Field(default=5, ge=1, le=100)
    step: int = Field(default=15, ge=5, le=60, multiple_of=5)
    buffer: int = Field(default=0, ge=0, le=240, description="Minutes free before and after.")
    zones: list[Zone] = Field(default=[], max_length=10)
    work_from: str = Field(default="09:00", pattern=CLOCK_TIME, examples=["09:00"])
    work_to: str = Field(default="17:00", pattern=CLOCK_TIME, examples=["17:00"])
    days: str = Field(default="MO,TU,WE,TH,FR", pattern=WEEKDAY_LIST)


class SubscriptionIn(Body):
    """Which calendar an address shows; without a name all of them."""

    calendar: Calendar | None = None


class SubscriptionOut(BaseModel):
    """An address without its secret."""

    id: str
    calendar: str | None
    created_at: str


class NewSubscriptionOut(SubscriptionOut):
    """A new address, which is shown this once; `webcal` is the same for calendar programs."""

    url: str
    webcal: str


class SubscriptionList(BaseModel):
    """Addresses, the oldest first."""

    subscriptions: list[SubscriptionOut]


class SubscriptionsQuery(Parameters):
    """How many to list."""

    limit: int = Field(default=100, ge=1, le=1000)
