"""Ask the parser itself what a sentence means, without a service in between."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from service.explaining import event_answered
from service.parsing import Decision, parse
from synthetic.golden import Answer, Ask, Case


def in_process() -> Ask:
    """Return a way to ask the parser of this installation."""

    def ask(case: Case) -> Answer:
        began = time.perf_counter()
        try:
            decision = _read(case)
        except Exception as err:  # noqa: BLE001 -- a parser that raises is what the gate is for
            return Answer(None, problem=f"the parser raised {type(err).__name__}: {err}")
        seconds = time.perf_counter() - began
        return Answer(event_answered(decision.event), decision.confidence, "rules", seconds)

    return ask


def explained_in_process(case: Case) -> frozenset[str]:
    """Return the kinds of time expression that the parser of this installation finds."""
    return frozenset(found.part for found in _read(case).evidence)


def _read(case: Case) -> Decision:
    zone = ZoneInfo(case.timezone)
    now = datetime.fromisoformat(case.now).replace(tzinfo=zone)
    return parse(case.text, now=now, zone=zone)
