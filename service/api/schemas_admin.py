"""The bodies and queries of the routes for operators, and of feedback and review."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.api.fields import TIME_PATTERN, Body, Name, RuleText, Whole, Zone
from service.api.schemas import ParsedEvent
from service.settings import Mode

ScopeName = Literal["calendar", "metrics", "admin"]
OwnerName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$")]
DecisionId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
PlainMoment = Annotated[str, Field(max_length=40, pattern=TIME_PATTERN)]
Comment = Annotated[str, Field(max_length=2000)]


class ModeIn(Body):
    """What the service is to do from now on."""

    mode: Mode
    reason: Annotated[str, Field(max_length=200)] = ""
    manual_review: bool = False


class ModeOut(BaseModel):
    """What the service does."""

    mode: Mode
    reason: str
    manual_review: bool


class KeyIn(Body):
    """An API key to make."""

    owner: OwnerName
    scopes: list[ScopeName] = Field(default=["calendar"], min_length=1, max_length=3)
    label: Annotated[str, Field(max_length=100)] = ""
    expires_in_days: Annotated[Whole, Field(ge=1, le=3650)] | None = None


class KeyOut(BaseModel):
    """An API key, without its secret."""

    id: str
    owner: str
    scopes: list[ScopeName]
    label: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None


class NewKeyOut(KeyOut):
    """A new API key with its secret, which is shown this once."""

    key: str


class KeyList(BaseModel):
    """API keys."""

    keys: list[KeyOut]


class KeysQuery(BaseModel):
    """How many keys to list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=100, ge=1, le=1000)


class CorrectedEvent(Body):
    """The event that the sentence meant; what is not given was right."""

    title: Annotated[str, Field(max_length=500)] | None = None
    start: PlainMoment | None = None
    end: PlainMoment | None = None
    all_day: bool | None = None
    timezone: Zone | None = None
    recurrence: RuleText | None = None
    location: Annotated[str, Field(max_length=500)] | None = None
    attendees: Annotated[list[Name], Field(max_length=200)] | None = None


class FeedbackIn(Body):
    """What a user says about a decision."""

    decision_id: DecisionId
    rating: Whole = Field(ge=1, le=5, description="5 is best.")
    comment: Comment = ""
    correction: CorrectedEvent | None = None


class FeedbackOut(BaseModel):
    """What was kept."""

    decision_id: str
    rating: int


class ReviewQuery(BaseModel):
    """How many decisions to list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=500)


class ReviewItem(BaseModel):
    """A decision that waits for a person."""

    decision_id: str
    owner: str
    text: str
    now: str
    timezone: str
    event: ParsedEvent
    confidence: float
    confidence_breakdown: dict[str, float]
    created_at: str


class ReviewList(BaseModel):
    """What waits, the oldest first."""

    waiting: list[ReviewItem]


class VerdictIn(Body):
    """What a person decided."""

    verdict: Literal["right", "wrong"]
    correction: CorrectedEvent | None = None
    comment: Comment = ""


class VerdictOut(BaseModel):
    """What was noted."""

    decision_id: str
    verdict: Literal["right", "wrong"]
