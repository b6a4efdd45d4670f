"""What the bodies and queries of the HTTP contract are made of, as the outside must write it."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from service.json_values import JsonObject

MOMENT: Final = (
    "A date `YYYY-MM-DD`, or an RFC 3339 time; without an offset it is the zone's wall clock."
)
_DATE = r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?([Zz]|[+-](0\d|1[0-3]):[0-5]\d)?"
# Shown in the document only: the service itself says more precisely what is wrong with a time.
TIME_PATTERN: Final = f"^{_DATE}({_TIME})?$"
NOW_PATTERN: Final = f"^{_DATE}{_TIME}$"

NO_NUL: Final = r"^[^\x00]*$"
"""For what becomes a pattern of MongoDB's, which ends where one stands and is refused with it."""


def shown_moment(*examples: str, pattern: str = TIME_PATTERN) -> JsonObject:
    """Return what the document says of a date or time."""
    return {"pattern": pattern, "examples": list(examples)}


def _moment(*examples: str, pattern: str = TIME_PATTERN) -> Any:  # Any: as Field gives it
    shown = shown_moment(*examples, pattern=pattern)
    return Field(min_length=10, max_length=40, description=MOMENT, json_schema_extra=shown)


def _text(description: str, most: int, *examples: str) -> Any:  # Any: as Field gives it
    return Field(min_length=1, max_length=most, description=description, examples=list(examples))


Start = Annotated[str, _moment("2026-03-02T09:00:00+01:00")]
End = Annotated[str, _moment("2026-03-02T10:00:00+01:00")]
Left = Annotated[str, _moment("2026-03-09T09:00:00+01:00")]
Now = Annotated[str, _moment("2026-03-02T09:00:00+01:00", pattern=NOW_PATTERN)]
Zone = Annotated[str, _text("An IANA time zone.", 64, "Europe/Berlin", "America/New_York", "UTC")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Calendar = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Sentence = Annotated[
    str,
    _text(
        "Plain language, or a mail or list that was pasted.",
        20_000,
        "lunch with Ann tomorrow at 1pm",
        "gym every Monday at 7",
    ),
]
_RULES: Final = ["FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10", "FREQ=MONTHLY;BYMONTHDAY=-1"]
RuleText = Annotated[
    str, Field(max_length=500, description="An RFC 5545 RRULE value.", examples=_RULES)
]
Place = Annotated[str, Field(max_length=500)]
Description = Annotated[str, Field(max_length=10_000)]


def _whole(value: object) -> object:
    """Return 3 for 3.0: to JSON both are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]


class Parameters(BaseModel):
    """A query with exactly the documented parameters."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Body(BaseModel):
    """A body with exactly the documented fields."""

    model_config = ConfigDict(extra="forbid", strict=True)
