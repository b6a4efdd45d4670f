"""Reading sentences: by the rules, at times by a model, and not twice."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import orjson

from service.compute_pool import ComputePool
from service.errors import ProblemError, UnavailableError
from service.explaining import event_answered, events_answered, explanation_of
from service.guard.modes import Modes
from service.json_values import JsonMapping, JsonObject
from service.model import Model
from service.observe.current import CURRENT, took
from service.observe.journal import Journal
from service.observe.parts import Part, Stages
from service.parsing import Decision, Event, parse
from service.planning.instants import moment_of, normalized, zone_of
from service.settings import Settings
from service.store.answer_cache import AnswerCache, answer_key
from service.store.quality import Reviews
from service.telemetry import Telemetry

_CACHED: Final = b'"source":"cache"'
_AT_ONCE_CHARS: Final = 400  # are read within a millisecond or two; what is longer may take 60
_FAULT: Final = "fault"  # the problem of a sentence that broke a rule
_FORM: Final = "2"  # of the answers: what an earlier release cached in another one is not used


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
        settings: Settings,
        *,
        answer_cache: AnswerCache,
        reviews: Reviews,
        model: Model | None,
        modes: Modes,
        telemetry: Telemetry,
        journal: Journal,
        compute_pool: ComputePool,
        clock: Callable[[], datetime],
    ) -> None:
        self._compute_pool = compute_pool
        self._settings, self._answer_cache, self._reviews = settings, answer_cache, reviews
        self._model, self._modes = model, modes
        self._telemetry, self._journal, self._clock = telemetry, journal, clock

    async def read(self, sentence: Sentence) -> bytes:
        """Return the answer as JSON bytes."""
        self._telemetry.features.add("parse")
        now = sentence.now or self._present()
        decision_id = _key(sentence, now)
        key = answer_key(sentence.owner, decision_id)
        found = self._answer_cache.in_process(key) or await self._answer_cache.shared(key)
        if found is not None:
            self._telemetry.parsing.add("understood", "cache")
            return found
        return await self._work_out(sentence, now, decision_id)

    async def explain(self, sentence: Sentence) -> bytes:
        """Return the answer as JSON bytes, with how the rules came to theirs."""
        said = replace(sentence, now=sentence.now or self._present())
        answer = orjson.loads(await self.read(said))
        zone = zone_of(said.timezone)
        moment = normalized(moment_of_saying(said.now, zone), zone)
        decision = await self._decided(said, moment, zone)
        return orjson.dumps({**answer, "explanation": explanation_of(decision)})

    def _present(self) -> str:
        return self._clock().replace(second=0, microsecond=0).isoformat()

    async def _work_out(self, sentence: Sentence, now: str, decision_id: str) -> bytes:
        zone = zone_of(sentence.timezone)
        moment = moment_of_saying(now, zone)
        began = time.perf_counter()
        decision = await self._decided(sentence, normalized(moment, zone), zone)
        seconds = time.perf_counter() - began
        took("parser", seconds)
        self._telemetry.component_latency.observe(seconds, "parser")
        answer = answer_of(decision, decision_id)
        if decision.confidence < self._settings.confidence_threshold:
            answer = await self._second_opinion(sentence, moment, answer)
        self._observe(sentence, answer, time.perf_counter() - began)
        await self._let_review(sentence, now, answer)
        body = orjson.dumps(answer)
        if is_fault(answer):
            return body  # which the next release may read, and nobody has to wait for that
        source = orjson.dumps(answer["source"])
        key = answer_key(sentence.owner, decision_id)
        await self._answer_cache.put(key, body.replace(b'"source":' + source, _CACHED))
        return body

    async def _decided(self, sentence: Sentence, now: datetime, zone: ZoneInfo) -> Decision:
        """Return the rules' decision; a long text is read where nobody waits for it."""
        with Part("parse", "parse"):
            stages = Stages("parse")
            if len(sentence.text) <= _AT_ONCE_CHARS:
                return self._parsed(sentence, now, zone, stages)
            return await self._compute_pool.run_in_thread(
                lambda _: self._parsed(sentence, now, zone, stages)
            )

    def _parsed(
        self, sentence: Sentence, now: datetime, zone: ZoneInfo, stages: Stages
    ) -> Decision:
        """Return the rules' decision; a sentence that breaks a rule says nothing to us."""
        try:
            return parse(sentence.text, now=now, zone=zone, watch=stages)
        except Exception as error:  # noqa: BLE001 - no sentence may be answered with a fault
            self._telemetry.component_failures.add("parser", "error")
            self._journal.event("ERROR", "parser_fault", error=type(error).__name__)
            nothing = Event(
                title="", start=None, end=None, all_day=False, timezone=sentence.timezone
            )
            return Decision(
                event=nothing, confidence=0.0, breakdown={}, intent="none", problems=(_FAULT,)
            )
        finally:
            stages.end()

    async def _second_opinion(
        self, sentence: Sentence, now: datetime, answer: JsonObject
    ) -> JsonObject:
        """Return the model's answer where there is a better one, else the rules'."""
        if self._model is None or not self._modes.may_ask_model:
            return answer
        self._telemetry.features.add("llm")
        found = await self._model.read(sentence.text, now=now, timezone=sentence.timezone)
        if found is None or found[1] <= answer["confidence"]:
            return answer
        event, confidence = found
        breakdown = {"rules": answer["confidence"], "llm": round(confidence, 4)}
        return {
            **answer,
            "event": event,
            "events": [{**event, "words": sentence.text, "confidence": round(confidence, 4)}],
            "confidence": round(confidence, 4),
            "confidence_breakdown": breakdown,
            "source": "llm",
        }

    async def _let_review(self, sentence: Sentence, now: str, answer: JsonMapping) -> None:
        """Put an uncertain decision before a person, when that is wanted and possible."""
        wanted = self._modes.choice.manual_review and self._modes.choice.mode != "read_only"
        if not wanted or answer["confidence"] >= self._settings.review_threshold:
            return
        decision = {
            "_id": answer["decision_id"],
            "owner": sentence.owner,
            "text": sentence.text,
            "now": now,
            "timezone": sentence.timezone,
            "event": answer["event"],
            "confidence": answer["confidence"],
            "confidence_breakdown": answer["confidence_breakdown"],
        }
        try:
            await self._reviews.ask(decision, self._clock())
        except UnavailableError:
            self._journal.event("WARNING", "review_lost", decision_id=answer["decision_id"])

    def _observe(self, sentence: Sentence, answer: JsonMapping, seconds: float) -> None:
        confidence, source = answer["confidence"], answer["source"]
        self._telemetry.confidence.observe(confidence)
        outcome = outcome_of(answer, self._settings.confidence_threshold)
        self._telemetry.parsing.add(outcome, source)
        trace = CURRENT.get()
        line: JsonObject = {
            "timestamp": datetime.now(UTC),
            "level": "INFO",
            "event": "decision",
            "request_id": trace.request_id if trace else "",
            "decision_id": answer["decision_id"],
            "input_hash": hashlib.blake2s(sentence.text.encode(), digest_size=8).hexdigest(),
            "confidence": confidence,
            "confidence_breakdown": answer["confidence_breakdown"],
            "source": source,
            "duration_ms": round(seconds * 1000, 3),
        }
        if self._settings.log_text:
            line["text"] = sentence.text
        self._journal.decision(line)


def outcome_of(answer: JsonMapping, threshold: float) -> str:
    """Return how well a sentence was understood, as the metric names it."""
    if is_fault(answer):
        return "error"
    if answer["event"]["start"] is None:
        return "nothing_found"
    return "understood" if answer["confidence"] >= threshold else "uncertain"


def is_fault(answer: JsonMapping) -> bool:
    """Return whether the sentence broke a rule, and nobody else could read it."""
    return _FAULT in answer["problems"] and answer["source"] == "rules"


def answer_of(decision: Decision, decision_id: str) -> JsonObject:
    """Return what `/parse` answers when the rules are right."""
    return {
        "event": event_answered(decision.event),
        "events": events_answered(decision),
        "intent": decision.intent,
        "confidence": round(decision.confidence, 4),
        "confidence_breakdown": {k: round(v, 4) for k, v in decision.breakdown.items()},
        "decision_id": decision_id,
        "source": "rules",
        "problems": list(decision.problems),
        "doubts": [doubt._asdict() for doubt in decision.doubts],
    }


def moment_of_saying(now: str, zone: ZoneInfo) -> datetime:
    """Return when a sentence was said; ProblemError `invalid_time` without a time of day."""
    moment = moment_of(now, zone, field="now")
    if not isinstance(moment, datetime):
        raise ProblemError("invalid_time", f"now: {now[:40]!r} has no time of day")
    return moment


def _key(sentence: Sentence, now: str) -> str:
    """Return the id of the decision: the same for the same question of the same person."""
    parts = f"{_FORM}\x1f{sentence.owner}\x1f{sentence.timezone}\x1f{now}\x1f{sentence.text}"
    return hashlib.blake2s(parts.encode(), digest_size=16).hexdigest()
