"""The bodies of reading a sentence, of health, caches and problems."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from service.api.fields import Body, Now, Sentence, Zone


class ParseIn(Body):
    """A sentence to read."""

    text: Sentence
    now: Now | None = None
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
