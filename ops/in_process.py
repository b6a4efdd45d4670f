"""Ask the parser of this installation what a sentence means, without a service in between."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.explaining import event_answered
from service.parsing import Decision, parse
from synthetic.edge.golden.judged_answers import Ask
from synthetic.golden.case import Case
from synthetic.golden.run_value import Answer
from synthetic.golden.stages import Explain


@dataclass(frozen=True, slots=True)
class InProcessParser:
    """The parser of this installation, asked one sentence at a time."""

    name: str = "in-process"
    workers: int = 1

    @contextlib.contextmanager
    def asking(self) -> Iterator[Ask]:
        """Yield the way to ask."""
        yield _answered

    @contextlib.contextmanager
    def explaining(self) -> Iterator[Explain]:
        """Yield the way to ask which kinds of time expression a sentence holds."""
        yield _explained


def _answered(case: Case) -> Answer:
    began = time.perf_counter()
    try:
        decision = _read(case)
    except Exception as err:  # noqa: BLE001 -- a parser that raises is what the gate is for
        return Answer(None, problem=f"the parser raised {type(err).__name__}: {err}")
    seconds = time.perf_counter() - began
    return Answer(event_answered(decision.event), decision.confidence, "rules", seconds)


def _explained(case: Case) -> frozenset[str]:
    return frozenset(found.part for found in _read(case).evidence)


def _read(case: Case) -> Decision:
    zone = ZoneInfo(case.timezone)
    now = datetime.fromisoformat(case.now).replace(tzinfo=zone)
    return parse(case.text, now=now, zone=zone)
