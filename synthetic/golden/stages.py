"""Which stage of parsing a wrong answer went wrong in. Pure but for asking.

Judged from outside: the mistake in the answer, and the parts of speech about time that the parser
says it found. A stage works on what the one before it gives, so the earliest one is at fault.
The stages are those of docs/parsing.md.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from synthetic.golden.case import Case
from synthetic.golden.kinds import start_kind
from synthetic.golden.run_value import GoldenRun, Result

Explain = Callable[[Case], frozenset[str] | None]
"""What kinds of time expression were found in a case's text; None: the service did not say."""

EXPRESSIONS: Final = "time expressions"
COMPOSITION: Final = "composition"
RESOLUTION: Final = "resolution"
ROLES: Final = "roles"
UNEXPLAINED: Final = "not told"  # as the records of earlier releases call it

_CLOCKS: Final = frozenset({"time", "timespan", "moment", "part"})
_DAYS: Final = frozenset({"date", "moment", "span", "period", "repeat"})
_ENDS: Final = frozenset({"timespan", "span", "length", "period"})


def with_stages(run: GoldenRun, cases: Sequence[Case], explain: Explain) -> GoldenRun:
    """Return the run with the stage at fault in each result that was answered wrong.

    Only of a set whose service can be asked to explain itself: others have no such stages.
    """
    by_id = {case.id: case for case in cases if case.spec.explain is not None}
    results = (
        replace(result, stage=stage_at_fault(result, explain(by_id[result.case_id])))
        if result.case_id in by_id and result.answer.event is not None and not result.right
        else result
        for result in run.results
    )
    return replace(run, results=tuple(results))


def by_stage(results: Sequence[Result]) -> dict[str, int]:
    """Return how many wrong answers each stage is to blame for, the most first."""
    return dict(Counter(r.stage for r in results if r.stage is not None).most_common())


def stage_at_fault(result: Result, found: frozenset[str] | None) -> str:
    """Return the stage in which a wrong answer went wrong."""
    wrong = [name for name, is_right in result.fields.items() if not is_right]
    timed = [name for name in wrong if name in {"start", "end", "all_day", "recurrence"}]
    if not timed:
        return ROLES
    if found is None:
        return UNEXPLAINED
    event = result.answer.event or {}
    stages = {_of_field(name, result.expected, event, found) for name in timed}
    return next(stage for stage in (EXPRESSIONS, COMPOSITION, RESOLUTION) if stage in stages)


def _of_field(
    name: str, expected: Mapping[str, object], event: Mapping[str, object], found: frozenset[str]
) -> str:
    wanted, given = expected.get(name), event.get(name)
    if name == "all_day":
        needed = _DAYS if wanted else _CLOCKS
        return COMPOSITION if found & needed else EXPRESSIONS
    if not wanted and name != "end":
        return EXPRESSIONS  # words were taken for what they are not
    if not _needed(name, wanted) & found:
        return EXPRESSIONS
    same_form = bool(given) == bool(wanted) and (
        name != "start" or start_kind(wanted) == start_kind(given)
    )
    return RESOLUTION if same_form else COMPOSITION


def _needed(name: str, wanted: object) -> frozenset[str]:
    """Return kinds of expression of which one at least is needed for what is wanted."""
    if name == "recurrence":
        return frozenset({"repeat"})
    if name == "end":
        return _ENDS if wanted else _CLOCKS | _DAYS
    return _CLOCKS | {"length"} if start_kind(wanted) == "time" else _DAYS
