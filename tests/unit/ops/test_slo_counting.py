"""What a Prometheus does not count is not nought."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from kit.pure.answers import Series
from slo.edge.accounts import account, as_plain
from slo.edge.files import load_objectives
from slo.objective import Ratio, RawRatio
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
    found = account(Counting(bad_is(*bad)), ERRORS, NOW)
    assert found.budget.verdict is Verdict.NO_DATA
    assert found.problem
    assert (found.is_known, found.runs_out) == (False, None)


@pytest.mark.parametrize("total", [(), (float("nan"),), (0.0,)])
def test_no_events_at_all_are_no_data(total: tuple[float, ...]) -> None:
    assert account(Counting(lambda _: total), ERRORS, NOW).budget.verdict is Verdict.NO_DATA


@pytest.mark.parametrize("bad", [-1.0, 11.0])
def test_more_good_or_more_bad_than_there_were_is_a_contradiction_and_no_pass(bad: float) -> None:
    found = account(Counting(bad_is(bad)), ERRORS, NOW)
    assert found.budget.verdict is Verdict.CONTRADICTORY
    told = as_plain(found)
    assert "in all" in told["problem"]
    assert (told["spent"], told["left"], told["runs_out"]) == (None, None, None)


def test_what_two_counters_differ_by_between_two_scrapes_is_no_contradiction() -> None:
    assert account(Counting(bad_is(-0.05)), ERRORS, NOW).budget.verdict is Verdict.PASS


@pytest.mark.parametrize("side", ["good", "bad"])
def test_one_query_for_good_and_total_is_a_contradiction(side: str) -> None:
    total = ERRORS.indicator.total if isinstance(ERRORS.indicator, Ratio) else ""
    same = replace(ERRORS, indicator=Ratio(total, **{side: total}))
    found = account(Counting(lambda _: (10.0,)), same, NOW)
    assert found.budget.verdict is Verdict.CONTRADICTORY
    assert as_plain(found)["problem"] == f"{side} and total are the same query"


@pytest.mark.parametrize("share", [-0.2, 1.3, 99.5])
def test_a_ratio_outside_nought_to_one_is_a_contradiction(share: float) -> None:
    gauge = replace(ERRORS, indicator=RawRatio("avg(avg_over_time(x[{{.window}}]))"))

    def told(expression: str) -> tuple[float, ...]:
        return (1 - share,) if expression.startswith("1 - ") else (1.0,)

    found = account(Counting(told), gauge, NOW)
    assert found.budget.verdict is Verdict.CONTRADICTORY
    assert f"the ratio is {share:g}" in as_plain(found)["problem"]
