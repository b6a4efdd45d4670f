"""Hold an answer against what a step says of it. Pure: values in, variables or the reason out."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from synthetic.steps.errors import LOOK, StepFailedError
from synthetic.steps.step import Check, Reply, Step
from synthetic.steps.templates import Variables, filled, moment, text_filled

PATTERN: Final = "regex:"
"""Before a regular expression whose first group is kept."""
_SERVER_ERROR: Final = 500
"""RFC 9110 section 15.6."""


def taken(step: Step, reply: Reply, variables: Variables) -> dict[str, object]:
    """Return what a step saves of an answer; raises StepFailedError where it is not as it says."""
    if not step.accepts(reply.status):
        wanted = " or ".join(map(str, step.expect)) or "2xx"
        said = step.refused or f"HTTP {{status}} instead of {wanted}"
        why = text_filled(said, {"status": reply.status})
        raise StepFailedError(step.name, why, advice=_advice(reply.status))
    known = {**variables, "status": reply.status}
    kept = saved(step.save, reply)
    for check in step.checks:
        if not _holds(check, reply, known | kept):
            raise StepFailedError(step.name, _why(check, reply, known | kept))
    return kept


def holds(checks: tuple[Check, ...], reply: Reply, variables: Variables) -> bool:
    """Say whether an answer is as every check demands."""
    return all(_holds(check, reply, variables) for check in checks)


def _saved(where: str, reply: Reply) -> object:
    if (pattern := where.removeprefix(PATTERN)) != where:
        found = re.search(pattern, reply.text)
        return None if found is None else found[1] if found.re.groups else found[0]
    return next(iter(reply.at(where)), None)


def saved(save: tuple[tuple[str, str], ...], reply: Reply) -> dict[str, object]:
    """Return what is kept of an answer, by variable; None where it has no such value."""
    return {name: _saved(where, reply) for name, where in save}


def _holds(check: Check, reply: Reply, variables: Variables) -> bool:
    found = reply.at(text_filled(check.path, variables))
    wanted = filled(check.value, variables)
    return _HOLDS[check.operation](found, wanted)


def _within(found: list[object], wanted: Any) -> bool:  # Any: as its reader left it: a pair
    value, distance = wanted
    number = found[0] if found else None
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return is_number and abs(float(number) - float(value)) <= float(distance)  # type: ignore[arg-type]


def _apart(found: list[object], wanted: Any) -> bool:  # Any: as its reader left it: a pair
    """Say whether each found `{start, end}` lies before or after a span of time."""
    begin, end = map(moment, wanted)
    if begin is None or end is None:
        return False
    for each in found:
        one = each if isinstance(each, Mapping) else {}
        first, last = moment(one.get("start")), moment(one.get("end"))
        if first is None or last is None or (last > begin and first < end):
            return False
    return True


_HOLDS: Final[Mapping[str, Callable[[list[object], Any], bool]]] = {
    "equals": lambda found, wanted: bool(found) and found[0] == wanted,
    "matches": lambda found, wanted: bool(found) and bool(re.search(wanted, str(found[0]))),
    "contains": lambda found, wanted: wanted in found,
    "moment": lambda found, wanted: bool(found) and moment(found[0]) == moment(wanted) is not None,
    "within": _within,
    "exists": lambda found, wanted: any(one is not None for one in found) is wanted,
    "apart": _apart,
}


def _why(check: Check, reply: Reply, variables: Variables) -> str:
    found = reply.at(text_filled(check.path, variables))
    shown = str(found[0])[:80] if found else "nothing"
    if check.says is not None:
        return text_filled(check.says, {**variables, "found": shown})
    wanted = filled(check.value, variables)
    return f"{check.path} is {shown}, which is not {check.operation} {wanted!r}"


def _advice(status: int) -> str:
    """Return what to do about an answer that should not have come."""
    if status in {401, 403}:
        return "set SRE_API_KEYS to a valid key"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "give the prober a key of its own, or probe less often with --every"
    if status >= _SERVER_ERROR:
        return "see sre check dependencies"
    return LOOK
