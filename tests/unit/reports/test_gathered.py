"""Questions answered from samples at hand (that a Prometheus says the same is tested on one)."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.pure.query import Query, at
from reports.edge.gathering import Gathered, Target
from reports.gathered.evaluate import answer
from reports.gathered.samples import Samples
from reports.period.plan import plan
from reports.period.window import span
from slo.edge.files import load_objectives
from tests.support.other_projects import CALENDAR

API = Target("calendar-api", "a")
PROBER = Target("prober", "p")


def gathered(*texts: str | None, target: Target = API) -> Samples:
    found = Gathered()
    for second, text in enumerate(texts):
        found.add(100 + second, target, text)
    return found.samples()


def value(samples: Samples, expression: str, when: int) -> float | None:
    found = answer(samples, at("it", expression, when))
    assert found.problem is None, found.problem
    return found.value


def test_a_counter_grows_by_what_it_grew_and_its_reset_takes_nothing_away() -> None:
    samples = gathered(*(f'hits_total{{a="b"}} {n}\n' for n in (0, 10, 20, 5, 15)))
    assert value(samples, "sum(increase(hits_total[5s]))", 104) == pytest.approx(35)
    assert value(samples, 'sum(rate(hits_total{a="b"}[5s]))', 104) == pytest.approx(7)
    assert value(samples, 'sum(increase(hits_total{a="c"}[5s]))', 104) is None


def test_a_page_that_did_not_come_is_noted_and_leaves_a_hole() -> None:
    samples = gathered("level 4\n", None, "level 8\n")
    assert value(samples, 'min_over_time(up{job="calendar-api"}[3s])', 102) == 0
    assert value(samples, "avg_over_time(level[3s])", 102) == 6
    assert value(samples, "sum(count_over_time(level[3s]))", 102) == 2


def test_a_gauge_holds_for_five_minutes_and_no_longer() -> None:
    samples = gathered("level 4\n")
    assert value(samples, "level > 3", 399) == 4
    assert value(samples, "level > 3", 400) is None
    assert value(samples, "level > 5", 399) is None


def test_parts_are_kept_apart_and_a_part_that_is_not_there_is_left_out() -> None:
    samples = gathered('x{le="2"} 1\ny 2\n')
    parts = (
        'label_replace(max(x), "part", "one", "", "") or label_replace(y, "part", "two", "", "")'
    )
    found = answer(samples, at("it", f"{parts} or z", 100))
    assert {one.label("part"): one.last for one in found.series} == {"one": 1, "two": 2}


def test_sides_are_matched_by_all_their_labels() -> None:
    samples = gathered('a{x="1"} 6\na{x="2"} 8\nb{x="1"} 3\n')
    found = answer(samples, at("it", "a / b", 100))
    assert [(one.label("x"), one.last) for one in found.series] == [("1", 2)]
    assert value(samples, "1 - sum(a) * 0", 100) == 1


def test_a_range_is_answered_step_by_step() -> None:
    samples = gathered("level 1\n", "level 2\n", "level 3\n")
    (found,) = answer(samples, Query("it", "max(level)", 100, 102, 1)).series
    assert (found.times.tolist(), found.values.tolist()) == ([100, 101, 102], [1, 2, 3])


def test_a_subquery_looks_at_the_multiples_of_its_step_and_only_where_there_is_something() -> None:
    samples = gathered(*(f"level {n}\n" for n in range(10)))  # 100 to 109
    assert value(samples, "sum_over_time((level > 3)[8s:2s])", 109) == 4 + 6 + 8
    assert value(samples, "count_over_time(level[1d:2s])", 109) == 5
    assert value(samples, "max_over_time(level[4s:1s])", 107) == 7
    assert value(samples, "count_over_time(nothing[1d:1m])", 109) is None


def test_a_comparison_that_asks_for_a_truth_value_keeps_every_series() -> None:
    samples = gathered('level{a="b"} 4\nlevel{a="c"} 9\n')
    assert value(samples, "sum(level > bool 5)", 100) == 1
    assert value(samples, "count(level == bool 4)", 100) == 2


@pytest.mark.parametrize(
    "expression",
    [
        "quantile(0.9, x)",
        "sum without (a) (x)",
        "x / on (a) y",
        "x > bool y",
        "x and y",
        "x @ 5",
        "max_over_time(x[5m:])",
        "histogram_quantile(0.9, x)",
        'label_replace(x, "a", "$1", "b", "(.*)")',
    ],
)
def test_what_cannot_be_worked_out_is_said_and_never_guessed(expression: str) -> None:
    found = answer(gathered('x{a="b"} 1\ny 1\n'), at("it", expression, 100))
    assert found.series == ()
    assert found.problem
    assert found.problem.startswith("without a Prometheus this cannot be worked out: ")


def test_no_number_stays_no_number() -> None:
    assert value(gathered("x NaN\n"), "sum(x)", 100) is None
    assert math.isinf(answer(gathered("x 1\ny 0\n"), at("it", "x / y", 100)).series[0].values[0])


def test_the_objectives_are_within_what_can_be_worked_out() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    window = span(start, start + timedelta(seconds=30), ZoneInfo("UTC"))
    for query in plan(window, load_objectives(), CALENDAR):
        assert answer(gathered("x 1\n"), query).problem is None


def test_what_no_series_tells_is_the_number_that_is_given_instead() -> None:
    samples = gathered("level 4\n")
    assert value(samples, "(sum(gone)) or vector(0)", 100) == 0
    assert value(samples, "(sum(level)) or vector(0)", 100) == 4
