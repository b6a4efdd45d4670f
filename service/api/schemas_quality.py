"""The bodies and queries of feedback and review."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from service.api.fields import (
    TIME_PATTERN,
    Body,
    Name,
    Now,
    Parameters,
    RuleText,
    Sentence,
    Start,
    Whole,
    Zone,
)
from service.api.schemas import ParsedEvent
from service.json_values import JsonObject

DecisionId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
PlainMoment = Annotated[str, Field(max_length=40, pattern=TIME_PATTERN)]
Comment = Annotated[str, Field(max_length=2000)]


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


class SentenceSaid(Body):
    """A sentence, and when and where it was said."""

    text: Sentence
    now: Now
    timezone: Zone = "UTC"


class FeedbackIn(Body):
    """What a user says about a decision."""

    decision_id: DecisionId
    rating: Whole = Field(ge=1, le=5, description="5 is best.")
    comment: Comment = ""
    correction: CorrectedEvent | None = None
    sentence: SentenceSaid | None = Field(
        default=None,
        description="What was read. With it a correction can become a case for the parser.",
    )


class FeedbackOut(BaseModel):
    """What was kept."""

    decision_id: str
    rating: int


class FeedbackQuery(Parameters):
    """Which feedback to list: what was said or changed after a moment."""

    since: Start | None = None
    limit: int = Field(default=50, ge=1, le=500)


class FeedbackItem(BaseModel):
    """What a user said of a decision, with the sentence and the answer where they are known."""

    decision_id: str
    owner: str
    rating: int
    comment: str
    correction: JsonObject | None
    sentence: SentenceSaid | None
    event: ParsedEvent | None
    updated_at: str


class FeedbackList(BaseModel):
    """What users said, the oldest first."""

    feedback: list[FeedbackItem]


class ReviewQuery(Parameters):
    """Which decisions to list: those that wait, or those decided after a moment."""

    status: Literal["waiting", "done"] = "waiting"
    since: Start | None = None
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


class ReviewedItem(ReviewItem):
    """A decision with what a person said of it."""

    verdict: Literal["right", "wrong"]
    correction: JsonObject | None
    resolved_at: str


class ReviewList(BaseModel):
    """What was asked for, the oldest first; the other list is empty."""

    waiting: list[ReviewItem]
    done: list[ReviewedItem]


class VerdictIn(Body):
    """What a person decided."""

    verdict: Literal["right", "wrong"]
    correction: CorrectedEvent | None = None
    comment: Comment = ""


class VerdictOut(BaseModel):
    """What was noted."""

    decision_id: str
    verdict: Literal["right", "wrong"]
