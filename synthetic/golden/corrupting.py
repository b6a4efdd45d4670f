"""Wrong answers of every class, made of right ones: what a set of any endpoint would notice. Pure.

A set whose cases never look at a field, or only where nothing is expected, lets damage there pass.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from synthetic.golden.case import Case
from synthetic.golden.comparators import right_fields, rule_parts
from synthetic.golden.mutation import Mutant
from synthetic.golden.spec import FieldRule

Made = Iterator[tuple[str, object]]
_SHIFTS: Final = {
    "an hour late": timedelta(hours=1),
    "a day late": timedelta(days=1),
    "a week late": timedelta(weeks=1),
}
_OTHER: Final = "something else entirely"


def corrupted(
    answers: Sequence[tuple[Case, Mapping[str, object]]],
) -> Iterator[Mutant]:
    """Yield a mutant for each slice, field and class of mistake that some right answer can have.

    `answers` are the cases that are answered right, each with its answer.
    """
    noticed: dict[tuple[str, str, str], tuple[int, tuple[str, ...]]] = {}
    for case, event in answers:
        for rule in case.spec.fields:
            looked_at = replace(case, fields=tuple({rule.name}.intersection(case.fields)))
            for mistake, value in mistakes(rule, event.get(rule.name)):
                judged = right_fields(looked_at, {**event, rule.name: value})
                seen = not all(judged.values())
                for label in case.labels():
                    key = (label, rule.name, mistake)
                    count, by = noticed.get(key, (0, ()))
                    noticed[key] = count + 1, by or ((case.id,) if seen else ())
    for (label, name, mistake), (count, by) in noticed.items():
        yield Mutant(f"{name}: {mistake}", label, count, by)


def mistakes(rule: FieldRule, value: object) -> Made:
    """Yield the classes of mistake that a value can have, each with the value it would then be."""
    if rule.compare == "ignored":
        return
    if value in (None, "", [], ()):
        yield "invented", _INVENTED.get(rule.compare, _OTHER)
        return
    if rule.optional or rule.compare in {"moment", "recurrence", "words", "names", "set"}:
        yield "missing", [] if isinstance(value, list | tuple) else None
    yield from _MISTAKES.get(rule.compare, _of_any)(rule, value)


def _of_moment(_: FieldRule, value: object) -> Made:
    try:
        is_day = len(str(value)) == len("2026-03-11")
        read = date.fromisoformat(str(value)) if is_day else datetime.fromisoformat(str(value))
        for mistake, by in _SHIFTS.items():
            if not (is_day and by < timedelta(days=1)):
                yield mistake, (read + by).isoformat()
    except (ValueError, OverflowError):
        yield "other", _OTHER


def _of_recurrence(_: FieldRule, value: object) -> Made:
    parts = rule_parts(value) or {}
    interval = int(next(iter(parts.get("INTERVAL", {"1"}))))
    kept = {name: ",".join(sorted(found)) for name, found in parts.items()}
    yield "another interval", _rule({**kept, "INTERVAL": str(interval + 1)})
    ends = {"COUNT", "UNTIL"} & parts.keys()
    if ends:
        yield "no end", _rule({name: found for name, found in kept.items() if name not in ends})


def _of_members(_: FieldRule, value: object) -> Made:
    found = list(value) if isinstance(value, list | tuple) else [value]
    if len(found) > 1:
        yield "one less", found[1:]
    yield "one more", [*found, _OTHER]


def _of_number(rule: FieldRule, value: object) -> Made:
    if isinstance(value, int | float):
        yield "too much", float(value) + 2 * rule.within + 1
        yield "too little", float(value) - 2 * rule.within - 1


def _of_any(rule: FieldRule, value: object) -> Made:
    if isinstance(value, bool) or rule.compare == "truth":
        yield "the opposite", not value
    elif isinstance(value, int | float):
        yield from _of_number(rule, value)
    elif isinstance(value, list | tuple):
        yield from _of_members(rule, value)
    else:
        yield "other", _OTHER


def _rule(parts: Mapping[str, str]) -> str:
    return ";".join(f"{name}={found}" for name, found in parts.items())


_INVENTED: Final[Mapping[str, Any]] = {
    "moment": "2026-03-11T09:00:00+00:00",
    "recurrence": "FREQ=DAILY",
    "names": [_OTHER],
    "set": [_OTHER],
    "truth": True,
    "within": 1.0,
}
_MISTAKES: Final[Mapping[str, Callable[[FieldRule, object], Made]]] = {
    "moment": _of_moment,
    "recurrence": _of_recurrence,
    "names": _of_members,
    "set": _of_members,
    "within": _of_number,
}
