"""Reading sentences: from the cache if they were read before, else by the parser."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from service.errors import ProblemError
from service.observe.current import CURRENT, took
from service.observe.journal import Journal
from service.parsing import Decision, parse
from service.planning.instants import moment_of, settle, zone_of
from service.store.answers import Answers
from service.telemetry import Telemetry

_UNCERTAIN_BELOW: Final = 0.5
_CACHED: Final = b'"source":"cache"'


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be read. `now` is empty for the present."""

    owner: str
    text: str
    now: str
    timezone: str


class Reader:
    """Turns a sentence into the JSON that `/parse` answers."""

    def __init__(
        self,
        *,
        answers: Answers,
        telemetry: Telemetry,
        journal: Journal,
        clock: Callable[[], datetime],
        log_text: bool,
    ) -> None:
        self._answers, self._telemetry, self._journal = answers, telemetry, journal
        self._clock, self._log_text = clock, log_text

    async def read(self, sentence: Sentence) -> bytes:
        """Return the answer as JSON bytes."""
        self._telemetry.features.add("parse")
        now = sentence.now or self._clock().replace(second=0, microsecond=0).isoformat()
        key = _key(sentence, now)
        found = self._answers.near(key) or await self._answers.far(key)
        if found is not None:
            self._telemetry.parsing.add("understood", "cache")
            return found
        return await self._work_out(sentence, now, key)

    async def _work_out(self, sentence: Sentence, now: str, key: str) -> bytes:
        zone = zone_of(sentence.timezone)
        moment = moment_of(now, zone, field="now")
        if not isinstance(moment, datetime):
            raise ProblemError("invalid_time", f"now: {now[:40]!r} has no time of day")
        began = time.perf_counter()
        decision = parse(sentence.text, now=settle(moment, zone), zone=zone)
        seconds = time.perf_counter() - began
        self._observe(sentence, decision, key, seconds)
        answer = answer_of(decision, key, "rules")
        body = orjson.dumps(answer)
        await self._answers.put(key, body.replace(b'"source":"rules"', _CACHED))
        return body

    def _observe(self, sentence: Sentence, decision: Decision, key: str, seconds: float) -> None:
        took("parser", seconds)
        self._telemetry.component_latency.observe(seconds, "parser")
        self._telemetry.confidence.observe(decision.confidence)
        self._telemetry.parsing.add(outcome_of(decision), "rules")
        line: dict[str, Any] = {
            "timestamp": datetime.now(UTC),
            "level": "INFO",
            "event": "decision",
            "request_id": trace.request_id if (trace := CURRENT.get()) else "",
            "decision_id": key,
            "input_hash": hashlib.blake2s(sentence.text.encode(), digest_size=8).hexdigest(),
            "confidence": round(decision.confidence, 4),
            "confidence_breakdown": dict(decision.breakdown),
            "source": "rules",
            "duration_ms": round(seconds * 1000, 3),
        }
        if self._log_text:
            line["text"] = sentence.text
        self._journal.decision(line)


def outcome_of(decision: Decision) -> str:
    """Return how well a sentence was understood, as the metric names it."""
    if decision.event.start is None:
        return "nothing_found"
    return "understood" if decision.confidence >= _UNCERTAIN_BELOW else "uncertain"


def answer_of(decision: Decision, decision_id: str, source: str) -> dict[str, Any]:
    """Return what `/parse` answers."""
    event = decision.event
    return {
        "event": {
            "title": event.title,
            "start": None if event.start is None else event.start.isoformat(),
            "end": None if event.end is None else event.end.isoformat(),
            "all_day": event.all_day,
            "timezone": event.timezone,
            "recurrence": event.recurrence,
            "location": event.location,
            "attendees": list(event.attendees),
        },
        "confidence": round(decision.confidence, 4),
        "confidence_breakdown": {k: round(v, 4) for k, v in decision.breakdown.items()},
        "decision_id": decision_id,
        "source": source,
        "problems": list(decision.problems),
    }


def _key(sentence: Sentence, now: str) -> str:
    """Return the id of the decision: the same for the same question of the same person."""
    parts = f"{sentence.owner}\x1f{sentence.timezone}\x1f{now}\x1f{sentence.text}"
    return hashlib.blake2s(parts.encode(), digest_size=16).hexdigest()
