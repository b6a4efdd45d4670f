"""What a measurement says about an objective."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """PASS and FAIL are proved by the data; the others say that the data do not decide.

    CONTRADICTORY data cannot be: more good than total, or a ratio outside 0 to 1.
    """

    PASS = "PASS"  # noqa: S105 -- a verdict, not a password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NO_DATA = "NO DATA"
    CONTRADICTORY = "CONTRADICTORY"


_WORST_FIRST = (
    Verdict.FAIL,
    Verdict.CONTRADICTORY,
    Verdict.NO_DATA,
    Verdict.INCONCLUSIVE,
    Verdict.PASS,
)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the one verdict for many: a failure wins, then whatever could not be decided.

    No verdict at all is NO DATA: nothing measured never counts as success.
    """
    found = set(verdicts)
    return next((verdict for verdict in _WORST_FIRST if verdict in found), Verdict.NO_DATA)
