"""How much of a parser a golden set watches: break one thing at a time, and see who notices. Pure.

Mutation analysis (DeMillo, Lipton and Sayward, 1978): a mutant that no case notices is damage that
the gate would let pass. Only cases that are answered right before can notice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kit.pure.errors import NotEnoughDataError
from synthetic.golden.case import Case
from synthetic.golden.comparators import right_fields
from synthetic.golden.run_value import Answer

SCHEMA: Final = "calendar-sre/golden-mutate/v1"

OnMutant = Callable[[int, int], None]
"""Called with (done, total) after each mutant."""


class Verdict(StrEnum):
    """Whether the set notices enough."""

    PASS = "PASS"  # noqa: S105 -- no password
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be broken.

    `concerns` says which cases could notice at all; `broken` breaks it until its end. `example` is
    a phrase that it takes part in reading, where one is known.
    """

    kind: str
    name: str
    concerns: Callable[[Case], bool]
    broken: Callable[[], AbstractContextManager[None]]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """What came of one broken thing: how many cases it concerned, and who noticed (a few ids)."""

    kind: str
    name: str
    concerned: int
    noticed_by: tuple[str, ...]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """Every mutant of a parser or of its answers, and the share that must be noticed."""

    mutants: tuple[Mutant, ...]
    least: float

    @property
    def unnoticed(self) -> tuple[Mutant, ...]:
        """Return those that no case noticed."""
        return tuple(one for one in self.mutants if not one.noticed_by)

    @property
    def share(self) -> float:
        """Return the share of the mutants that is noticed."""
        return 1 - len(self.unnoticed) / len(self.mutants)

    @property
    def verdict(self) -> Verdict:
        """Return whether enough is noticed."""
        return Verdict.PASS if self.share >= self.least else Verdict.FAIL

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Return for each kind how many are noticed, and of how many."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.mutants:
            noticed, of = found.get(one.kind, (0, 0))
            found[one.kind] = noticed + bool(one.noticed_by), of + 1
        return found


def survey(mutants: Iterable[Mutant], least: float) -> Survey:
    """Return the survey of some mutants; raises NotEnoughDataError without any."""
    found = tuple(mutants)
    if not found:
        raise NotEnoughDataError(
            "nothing could be broken: no field of a right answer is compared",
            hint="sre golden show lists the cases, docs/golden.md the ways to compare",
        )
    return Survey(found, least)


def mutants_of(
    rows: Sequence[Row],
    right: Sequence[Case],
    ask: Callable[[Case], Answer],
    on_mutant: OnMutant,
) -> Iterator[Mutant]:
    """Yield what comes of each row when it is broken; `right` are the cases answered right."""
    for number, row in enumerate(rows, 1):
        concerned = [case for case in right if row.concerns(case)]
        with row.broken():
            noticed = _first(case.id for case in concerned if not is_right(case, ask(case)))
        yield Mutant(row.kind, row.name, len(concerned), noticed, row.example)
        on_mutant(number, len(rows))


def is_right(case: Case, answer: Answer) -> bool:
    """Return whether every field that counts is right; no answer is never right."""
    return answer.event is not None and all(right_fields(case, answer.event).values())


def to_record(found: Survey, set_hash: str, cases: int, right: int) -> dict[str, object]:
    """Return what `--json` says: the verdict, each kind, and every mutant that nobody notices."""
    return {
        "schema": SCHEMA,
        "verdict": str(found.verdict),
        "set_hash": set_hash,
        "cases": cases,
        "right": right,
        "mutants": len(found.mutants),
        "noticed": len(found.mutants) - len(found.unnoticed),
        "share": found.share,
        "least": found.least,
        "kinds": {
            kind: {"noticed": noticed, "mutants": of}
            for kind, (noticed, of) in found.by_kind().items()
        },
        "unnoticed": [_told(one) for one in found.unnoticed],
    }


def _told(one: Mutant) -> Mapping[str, object]:
    return {
        "kind": one.kind,
        "name": one.name,
        "cases": one.concerned,
        "example": one.example or None,
    }


def _first(ids: Iterator[str]) -> tuple[str, ...]:
    """Return the first of the ids, asking for no more: one is enough to notice."""
    return tuple(found for found in (next(ids, None),) if found is not None)
