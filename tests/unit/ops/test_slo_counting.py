"""What a Prometheus does not count is not nought."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from kit.pure.answers import Series
from kit.pure.errors import NotEnoughDataError
from slo.edge.accounts import account
from slo.edge.files import load_objectives
from slo.verdict import Verdict

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
(ERRORS,) = [one for one in load_objectives() if one.name == "errors"]
Told = Callable[[str], tuple[float, ...]]


class Counting:
    """A server whose every query gives these values, one a series."""

    def __init__(self, shown: Told) -> None:
        self._told = shown

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        return self.range(expression, at_s, at_s, 1)

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        times = np.arange(start_s, end_s + 1, step_s, dtype=np.float64)
        return tuple(
            Series({"n": str(number)}, times, np.full(len(times), value))
            for number, value in enumerate(self._told(expression))
        )


def bad_is(*values: float) -> Told:
    """Return a server's answers, of which those about bad events are these."""
    return lambda expression: values if "5.." in expression else (10.0,)


def test_a_budget_of_which_all_is_counted_passes() -> None:
    assert account(Counting(bad_is(0.0)), ERRORS, NOW).budget.verdict is Verdict.PASS


@pytest.mark.parametrize("bad", [(), (float("nan"),), (0.0, 9.0)])
def test_bad_events_that_are_no_one_number_are_not_no_bad_events(bad: tuple[float, ...]) -> None:
    with pytest.raises(NotEnoughDataError, match="errors cannot be counted"):
        account(Counting(bad_is(*bad)), ERRORS, NOW)


@pytest.mark.parametrize("total", [(), (float("nan"),), (0.0,)])
def test_no_events_at_all_are_no_data(total: tuple[float, ...]) -> None:
    assert account(Counting(lambda _: total), ERRORS, NOW).budget.verdict is Verdict.NO_DATA
