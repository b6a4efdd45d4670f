"""The PromQL that objectives ask, whatever their authors wrote."""

from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from slo.derived import most_bad, step_within
from slo.edge.files import load_objectives
from slo.objective import Objective, Ratio, RawRatio
from slo.openslo import read_objectives
from slo.promql import bad_of, bad_ratio_query, total_of
from slo.series import is_one_series, parse, selectors, shape, tidy
from tests.support.examples import EXAMPLES

HOUR = timedelta(hours=1)
OBJECTIVES = load_objectives(EXAMPLES)


def threshold(query: str) -> Objective:
    """Return the example of the queue with another query."""
    document: dict[str, Any] = yaml.safe_load((EXAMPLES / "queue-lag.yaml").read_text())
    spec = document["spec"]["indicator"]["spec"]
    spec["thresholdMetric"]["metricSource"]["spec"]["query"] = query
    (found,) = read_objectives([("my.yaml", yaml.safe_dump(document))])
    return found


def test_a_threshold_is_counted_in_points_of_a_minute() -> None:
    found = threshold("max(age)")
    assert isinstance(found.indicator, Ratio)
    assert found.indicator.bad == (
        "sum_over_time((((max(age)) >= -Inf) > bool 60)[{{.window}}:1m])"
    )
    assert not found.counts_requests


def test_several_series_of_a_threshold_are_points_each() -> None:
    found = threshold("age")
    assert isinstance(found.indicator, Ratio)
    assert "(count((age) >= -Inf))[{{.window}}:1m]" in found.indicator.total


def test_comments_and_line_ends_go_and_strings_stay() -> None:
    assert tidy('max(age{path="/a#b  c"}) # the oldest\n + 0') == 'max(age{path="/a#b  c"}) + 0'
    assert tidy("x[{{ .window }}]") == tidy("x[{{- .window -}}]") == "x[{{.window}}]"


def test_events_per_window_become_events_per_second() -> None:
    rate, increase = (Ratio(f"sum({f}(x[{{{{.window}}}}]))", bad="b") for f in ("rate", "increase"))
    assert total_of(rate, HOUR) == "sum(rate(x[1h]))"
    assert total_of(increase, HOUR) == "(sum(increase(x[1h]))) / 3600"


def test_another_range_than_the_window_does_not_decide_what_a_query_counts() -> None:
    mixed = Ratio("sum(rate(x[{{.window}}])) * (max(increase(y[5m])) > 0)", bad="b")
    assert not total_of(mixed, HOUR).endswith("/ 3600")


@pytest.mark.parametrize(
    ("given_side", "wanted"),
    [
        (Ratio("t", bad="b"), "((b) or (t) * 0)"),
        (Ratio("t", good="g"), "t - ((g) or (t) * 0)"),
        (RawRatio("s"), "1 - (s)"),
    ],
)
def test_an_outcome_without_series_counts_as_none(given_side: Any, wanted: str) -> None:
    assert bad_of(given_side, HOUR, none_is_zero=True) == wanted


@pytest.mark.parametrize("each", OBJECTIVES, ids=lambda each: each.name)
def test_every_share_is_one_series_and_parses(each: Objective) -> None:
    tree = parse(bad_ratio_query(each, HOUR))
    assert shape(tree) == "vector"
    assert is_one_series(tree)


@pytest.mark.parametrize(
    ("query", "one"),
    [
        ("sum(x)", True), ("sum by (a) (x)", False), ("x", False), ("sum(a) / sum(b)", True),
        ("sum(a) or vector(0)", True), ("topk(3, sum(x))", False), ("max(x) - y", False),
        ("histogram_quantile(0.9, sum by (le) (rate(x[5m])))", False), ("-avg(x)", True),
        ("clamp_min(sum(x), 0)", True), ("rate(x[5m])", False), ("time() - max(x)", True),
    ],
)  # fmt: skip
def test_it_is_known_whether_a_query_gives_one_series(query: str, one: bool) -> None:  # noqa: FBT001 -- a row of the table
    assert is_one_series(parse(query)) is one


def test_the_selectors_of_a_sliced_promise_are_those_of_its_metric() -> None:
    (month,) = (each for each in OBJECTIVES if each.name == "checkout-month")
    assert isinstance(month.indicator, RawRatio)
    metrics = {each.metric for each in selectors(month.indicator.success)}
    assert metrics == {"http_server_requests_seconds_count"}


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_a_slice_that_is_just_good_is_not_bad_for_its_last_digit(bad: int, good: int) -> None:
    total = good + bad
    assert bad / total <= most_bad(1 - bad / total)


@given(st.integers(60, 10**7))
def test_a_slice_has_at_least_four_points_and_none_is_further_than_a_minute(seconds: int) -> None:
    step = step_within(timedelta(seconds=seconds))
    assert step <= timedelta(minutes=1)
    assert seconds / step.total_seconds() >= 4
