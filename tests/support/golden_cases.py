"""Golden cases as the calendar's own project reads them."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from synthetic.edge.golden.files import load_cases, shipped_spec
from synthetic.golden import candidates, case_file
from synthetic.golden.case import Case


@functools.cache
def shipped_cases() -> tuple[Case, ...]:
    """Return the calendar's golden set, read once."""
    return load_cases()


def case_from_json(data: object) -> Case:
    """Return the case."""
    return case_file.case_from_json(data, shipped_spec())


def read_cases(sources: Iterable[tuple[str, str]]) -> tuple[Case, ...]:
    """Return the cases of (file name, text) pairs."""
    return case_file.read_cases(sources, shipped_spec())


def propose(
    material: Iterable[Mapping[str, Any]], known: Sequence[Case], *, on: date
) -> tuple[tuple[candidates.Candidate, ...], int]:
    """Return candidates, and how many entries were left out."""
    return candidates.propose(material, known, shipped_spec(), on=on)
