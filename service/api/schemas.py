"""The bodies of reading a sentence, of health, caches and problems."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from service.api.fields import Body, Now, Sentence, Zone
from service.json_values import JsonObject
from service.parsing.doubts.codes import CODES


class SentenceIn(Body):
    """A sentence, and when and where it is said."""

    text: Sentence
    now: Now | None = None
    timezone: Zone = "UTC"


class ParseIn(SentenceIn):
    """A sentence to read."""

    explain: bool = Field(
        default=False, description="Also say which words and which rule made each value."
    )


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


class StatedEvent(ParsedEvent):
    """One of the events that a text states, with the words it was read from."""

    words: str
    confidence: float = Field(ge=0, le=1)


_Code = Annotated[str, Field(json_schema_extra={"enum": sorted(CODES)})]


class Doubt(BaseModel):
    """Something that may have been meant otherwise; `assumed` says how it was read."""

    code: _Code
    words: str
    assumed: str


class Evidence(BaseModel):
    """Which words of the sentence (from `start` up to `end`), by which rule, made which value."""

    part: str
    words: str
    start: int
    end: int
    rule: str
    value: str
    stage: Literal["tokens", "expressions", "composition", "resolution", "roles"]


class OtherReading(BaseModel):
    """Another reading of the same words, less likely than the one chosen."""

    start: str
    end: str | None
    reason: str
    likelihood: float


class Explanation(BaseModel):
    """How the rules came to their answer."""

    evidence: list[Evidence]
    alternatives: list[OtherReading]


class ParseOut(BaseModel):
    """What was understood, and how surely."""

    event: ParsedEvent
    events: list[StatedEvent] = Field(
        min_length=1, description="All events that the text states; the first is also `event`."
    )
    intent: Literal["create", "query", "move", "cancel", "none"] = Field(
        description="What the sentence asks for; none when it says nothing to schedule."
    )
    confidence: float = Field(ge=0, le=1)
    confidence_breakdown: dict[str, float]
    decision_id: str
    source: Literal["rules", "llm", "cache"]
    problems: list[str] = Field(description="What people should know, as sentences.")
    doubts: list[Doubt] = Field(description="What programs should know, by stable codes.")
    explanation: Explanation | None = Field(
        default=None, description="Only when `explain` was true."
    )


class KnownKeys(BaseModel):
    """What keys still open that nobody can look up, and how lately they were checked."""

    open: list[str]
    checked_within_s: float


class HealthOut(BaseModel):
    """How the service is."""

    status: Literal["healthy", "degraded", "unhealthy"]
    version: str
    dependencies: dict[str, str]
    known_keys: KnownKeys | None = Field(
        default=None, description="Only while MongoDB is away and keys are needed."
    )


class ProblemOut(BaseModel):
    """A problem document, RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[JsonObject] = []


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
