import math

import pytest

from dashboards.cached_source import CachedSource
from dashboards.choices import values_on
from dashboards.live import Limits, check_live, span_of
from dashboards.source import QueryError, Source
from tests.unit.dashboards.answers import GivenAnswers, series
from tests.unit.dashboards.samples import dashboard, panel, target_variable

LIMITS = Limits(range_s=300, scrape_s=15)
CHOICES = {"job": ("api", "node"), "instance": ("a:1",)}
GOOD = {"x_total": [series({"job": "api"}, 1, 2, 3)]}


def source(**more: object) -> GivenAnswers:
    given = {"answers": GOOD, "metrics": frozenset({"x_total"}), "values": CHOICES} | more
    return GivenAnswers(**given)  # type: ignore[arg-type]  # named by each test


def found(source: Source, *panels: dict[str, object]) -> list[tuple[str, str, str]]:
    problems = check_live(dashboard(*panels), source, 600.0, LIMITS)
    return [(one.rule, one.panel, one.target) for one in problems]


def test_a_panel_that_answers_in_time_has_no_problem() -> None:
    assert found(source()) == []


def test_a_metric_that_is_gone_is_named_with_its_panel_even_while_old_data_shows() -> None:
    assert found(source(metrics=frozenset())) == [("metric-exists", "Requests", "A")]


@pytest.mark.parametrize("answer", [[], [series({}, math.nan, math.nan)]])
def test_a_panel_without_a_number_is_a_problem(answer: list[object]) -> None:
    assert found(source(answers={"x_total": answer})) == [("panel-data", "Requests", "A")]


@pytest.mark.parametrize(
    ("said", "excused"),
    [("No requests in this time.", True), ("0", False), ("No data", False)],
)
def test_an_absence_must_be_explained_in_words(said: str, excused: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    declared = panel(fieldConfig={"defaults": {"unit": "s", "noValue": said}})

    assert (found(source(answers={}), declared) == []) is excused


def test_a_query_that_prometheus_refuses_is_a_problem_with_its_reason() -> None:
    problems = check_live(
        dashboard(), source(refused={"x_total": "many-to-many matching"}), 600.0, LIMITS
    )

    assert [one.rule for one in problems] == ["panel-data"]
    assert "many-to-many matching" in problems[0].message


def test_a_query_that_is_slow_over_a_month_is_a_problem() -> None:
    def slow_on_long(_expr: str, length_s: float) -> float:
        return 1.5 if length_s > 86400 else 0.1

    assert found(source(took_s=slow_on_long)) == [("query-speed", "Requests", "A")]


def test_a_variable_that_lists_nothing_is_a_problem() -> None:
    assert found(source(values={"job": ("api",)})) == [("template-data", "", "")]


def test_queries_are_asked_with_the_choices_and_times_that_grafana_would_use() -> None:
    given = source()
    check_live(dashboard(), given, 600.0, LIMITS)

    assert given.asked[0] == 'rate(x_total{job=~".+",instance=~".+"}[60s])'


def test_all_without_a_value_of_its_own_is_every_listed_value_escaped() -> None:
    variable = target_variable("job") | {"allValue": ""}
    one = dashboard(templating={"list": [variable]})

    values, _ = values_on(one, source(), span_of(300, 600, 15), 15)

    assert values["job"] == "(api|node)"


def test_a_time_range_ends_on_a_step_and_has_at_most_a_thousand_of_them() -> None:
    span = span_of(30 * 86400, 1_000_003.0, 15)

    assert span.end % span.step_s == 0
    assert span.length_s / span.step_s <= 1000


def test_a_question_is_asked_once_and_a_refusal_is_remembered() -> None:
    given = source(refused={"bad": "no"})
    remembering = CachedSource(given)
    span = span_of(300, 600, 15)

    assert remembering.over("x_total", span) is remembering.over("x_total", span)
    for _ in range(2):
        with pytest.raises(QueryError):
            remembering.instant("bad", 600)
    assert given.asked == ["x_total", "bad"]
