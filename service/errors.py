"""What the service says when it does not do what was asked: problem+json, RFC 9457."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

PROBLEM_TYPE: Final = "application/problem+json"

# Every stable code: the status it comes with and what the reader should do about it.
CODES: Final[Mapping[str, tuple[int, str]]] = {
    "bad_request": (400, "The request cannot be understood; correct it."),
    "invalid_json": (400, "The body is not valid JSON; correct it."),
    "duplicate_header": (400, "A header that may be given once was given more often."),
    "invalid_cursor": (422, "The cursor was not issued by this service; start without one."),
    "unauthorized": (401, "Send a valid API key as `Authorization: Bearer KEY`."),
    "forbidden": (403, "The key lacks the scope this route needs."),
    "not_found": (404, "There is nothing here that you may see."),
    "method_not_allowed": (405, "The route exists but not for this method; see `Allow`."),
    "body_timeout": (408, "The body did not arrive in time; send it faster."),
    "conflict": (409, "Another change got in between; read again and repeat."),
    "overlap": (409, "The event overlaps others and `conflicts=reject` was asked for."),
    "exceptions_lost": (409, "Changed occurrences would be lost; see `errors`, or `force=true`."),
    "precondition_failed": (412, "The event has changed since you read it; read it again."),
    "body_too_large": (413, "The body is larger than the limit; send less."),
    "unsupported_media_type": (415, "Send the content type that the route documents."),
    "invalid_request": (422, "A field is missing or wrong; `errors` says which."),
    "invalid_time": (422, "The time does not exist or is out of range."),
    "invalid_timezone": (422, "The zone is not in the IANA database."),
    "invalid_recurrence": (422, "The rule is not a valid RFC 5545 RRULE, or never happens."),
    "recurrence_too_long": (422, "The rule has more occurrences than the service keeps."),
    "recurrence_too_frequent": (422, "The rule can happen more than 96 times on one day."),
    "window_too_large": (422, "The window holds more than one answer can; ask for less."),
    "not_an_event": (422, "The sentence says nothing that can be put into a calendar."),
    "invalid_icalendar": (422, "The text is not valid iCalendar (RFC 5545)."),
    "idempotency_mismatch": (422, "The key was used for another request; use a new key."),
    "rate_limited": (429, "Too many requests; wait for `Retry-After` seconds."),
    "internal": (500, "A fault of the service; report the request id."),
    "dependency_unavailable": (503, "A database is away; try again after `Retry-After`."),
    "newer_event": (503, "A newer release wrote this event; ask one of that release."),
    "read_only": (503, "The service is in read-only mode; only reading works."),
    "deadline_exceeded": (503, "The answer took longer than allowed; try again."),
}


class ProblemError(Exception):
    """A request ends with the problem document of `code`.

    `detail` says what happened to which value; `errors` lists fields with reasons; `headers` are
    added to the answer.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code, self.detail, self.errors = code, detail, errors
        self.headers: Mapping[str, str] = headers or {}
        self.status = CODES[code][0]

    def document(self, request_id: str) -> dict[str, object]:
        """Return the members of the problem document."""
        document: dict[str, object] = {
            "type": f"urn:calendar:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or CODES[self.code][1],
            "request_id": request_id,
        }
        if self.errors:
            document["errors"] = list(self.errors)
        return document


class UnavailableError(ProblemError):
    """A dependency that this request cannot do without is away."""

    def __init__(self, dependency: str, reason: str, *, retry_after_s: int = 2) -> None:
        super().__init__(
            "dependency_unavailable",
            f"{dependency} is not available ({reason})",
            headers={"Retry-After": str(retry_after_s)},
        )
        self.dependency, self.reason = dependency, reason
