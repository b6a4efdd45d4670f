"""Ask every golden case and judge the answers."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from synthetic.golden.case import PLAIN, Case, fingerprint
from synthetic.golden.comparators import right_fields
from synthetic.golden.kinds import NO_ANSWER, kinds_of
from synthetic.golden.run_value import Answer, GoldenRun, Result

Ask = Callable[[Case], Answer]
"""The way to whatever parses sentences; a bad answer is an `Answer.problem`, no error."""

OnAnswer = Callable[[int, int], None]
"""Called with (done, total) after each case."""


def ignore(_done: int, _total: int) -> None:
    """Take a step of progress and do nothing."""


def run(
    cases: Sequence[Case],
    ask: Ask,
    *,
    workers: int = 8,
    repeats: int = 1,
    on_answer: OnAnswer = ignore,
) -> GoldenRun:
    """Return the judged answers to `cases`, asked by `workers` threads at once.

    With `repeats` above 1 each case is asked that often; the first answer is judged, and a case
    with differing answers is marked as unsteady. `workers` 1 asks in this thread.
    """
    began = time.monotonic()
    results: list[Result] = []
    for answers in _answers(cases, ask, workers, repeats):
        results.append(judged(cases[len(results)], answers))
        on_answer(len(results), len(cases))
    took_s, spec = time.monotonic() - began, cases[0].spec if cases else PLAIN
    return GoldenRun(fingerprint(cases), tuple(results), took_s, repeats, spec)


def judged(case: Case, answers: Sequence[Answer]) -> Result:
    """Return the result of a case from the answers to it, the first of which counts."""
    answer = answers[0]
    if answer.event is None:
        right = dict.fromkeys(case.fields, False)
        kinds: tuple[str, ...] = (NO_ANSWER,)
    else:
        right = right_fields(case, answer.event)
        kinds = kinds_of(case, answer.event, right)
    return Result(
        case_id=case.id,
        text=case.text,
        labels=case.labels(),
        right=all(right.values()),
        fields=right,
        kinds=kinds,
        expected={name: case.expected[name] for name in case.fields},
        answer=answer,
        steady=all(other.event == answer.event for other in answers),
    )


def _answers(
    cases: Sequence[Case], ask: Ask, workers: int, repeats: int
) -> Iterator[tuple[Answer, ...]]:
    def ask_all(case: Case) -> tuple[Answer, ...]:
        return tuple(ask(case) for _ in range(repeats))

    if workers <= 1:
        yield from map(ask_all, cases)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="golden")
    try:
        yield from pool.map(ask_all, cases)
    finally:
        pool.shutdown(cancel_futures=True)
