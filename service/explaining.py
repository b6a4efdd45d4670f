"""What was read in a sentence, and why: which words and which rule made each value."""

from datetime import date, datetime

from service.json_values import JsonObject
from service.parsing import Decision, Event


def event_answered(event: Event) -> JsonObject:
    """Return an event as `/parse` answers it."""
    return {
        "title": event.title,
        "start": _text(event.start),
        "end": _text(event.end),
        "all_day": event.all_day,
        "timezone": event.timezone,
        "recurrence": event.recurrence,
        "location": event.location,
        "attendees": list(event.attendees),
    }


def events_answered(decision: Decision) -> list[JsonObject]:
    """Return all events that a text states, each with its words and how sure it is."""
    return [
        {
            **event_answered(one.event),
            "words": one.words,
            "confidence": round(one.confidence, 4),
        }
        for one in (decision, *decision.others)
    ]


def explanation_of(decision: Decision) -> JsonObject:
    """Return the evidence in the order of the words, and the other readings."""
    return {
        "evidence": [
            {
                "part": found.part,
                "words": found.words,
                "start": found.start,
                "end": found.end,
                "rule": found.rule,
                "value": str(found.value),
                "stage": found.stage,
            }
            for found in sorted(decision.evidence, key=lambda found: found.start)
        ],
        "alternatives": [
            {
                "start": other.start.isoformat(),
                "end": _text(other.end),
                "reason": other.reason,
                "likelihood": round(other.likelihood, 4),
            }
            for other in decision.alternatives
        ],
    }


def _text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
