"""Answers to golden cases, and what came of them, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from synthetic.golden.case import PLAIN
from synthetic.golden.spec import Spec


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a case: an event, or (`problem`) why there is none.

    It was asked for in the trace `trace_id`, empty where no trace was named.
    """

    event: Mapping[str, object] | None
    confidence: float | None = None
    source: str | None = None
    latency_s: float = 0.0
    problem: str | None = None
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A case's answer, judged: `fields` says for each field that counts whether it is right."""

    case_id: str
    text: str
    labels: tuple[str, ...]
    right: bool
    fields: Mapping[str, bool]
    kinds: tuple[str, ...]
    expected: Mapping[str, object]
    answer: Answer
    steady: bool = True  # False: another answer came when asked again
    stage: str | None = None  # the stage at fault in a wrong answer; None: right, or not asked

    def answered(self) -> dict[str, object] | None:
        """Return what was answered in the fields that count, None without an answer."""
        event = self.answer.event
        return None if event is None else {name: event.get(name) for name in self.fields}


@dataclass(frozen=True, slots=True)
class GoldenRun:
    """Every case of a set with its result, in the set's order."""

    set_hash: str
    results: tuple[Result, ...]
    wall_s: float
    repeats: int = 1
    spec: Spec = field(default=PLAIN, compare=False, repr=False)

    @property
    def total(self) -> int:
        """Return the number of cases."""
        return len(self.results)

    @property
    def right(self) -> int:
        """Return how many cases were answered right; no answer is never right."""
        return sum(result.right for result in self.results)

    @property
    def unanswered(self) -> tuple[Result, ...]:
        """Return the cases that got no usable answer."""
        return tuple(result for result in self.results if result.answer.problem is not None)

    @property
    def unsteady(self) -> tuple[Result, ...]:
        """Return the cases whose answer changed from one time of asking to the next."""
        return tuple(result for result in self.results if not result.steady)

    def with_label(self, label: str) -> tuple[Result, ...]:
        """Return the results of one slice."""
        return tuple(result for result in self.results if label in result.labels)
