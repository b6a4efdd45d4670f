from collections.abc import Callable

import pytest

from dashboards.context import Alert, Context
from dashboards.rules import LINTER_RULES, OWN_RULES
from slo.catalogue import Kind, Metric
from slo.edge.files import load_objectives
from tests.unit.dashboards.samples import (
    SOURCE,
    broken_rules,
    dashboard,
    dashboard_json,
    panel,
    problems,
    target_variable,
)

SERIES = 'x_total{job=~"$job",instance=~"$instance"}'
UNKNOWN = SERIES.replace("x_", "y_")


def test_a_dashboard_without_a_fault_has_no_problem() -> None:
    assert problems(dashboard()) == []


def variables(*items: object) -> dict[str, object]:
    return {"templating": {"list": list(items)}}


DATASOURCE = dashboard_json()["templating"]["list"][0]
JOB, INSTANCE = target_variable("job"), target_variable("instance")

BREAKS: dict[str, Callable[[], object]] = {
    "template-datasource": lambda: dashboard(**variables(JOB, INSTANCE)),
    "template-job": lambda: dashboard(**variables(DATASOURCE, JOB | {"allValue": ""}, INSTANCE)),
    "template-instance": lambda: dashboard(**variables(DATASOURCE, JOB)),
    "template-label-promql": lambda: dashboard(
        **variables(DATASOURCE, JOB, INSTANCE | {"query": "label_values(up{, instance)"})
    ),
    "template-on-time-change-reload": lambda: dashboard(
        **variables(DATASOURCE, JOB | {"refresh": 1}, INSTANCE)
    ),
    "panel-datasource": lambda: dashboard(panel(datasource={"type": "prometheus", "uid": "P1"})),
    "panel-title-description": lambda: dashboard(panel(description=" ")),
    "panel-units": lambda: dashboard(panel(fieldConfig={"defaults": {"unit": "parsecs"}})),
    "panel-no-targets": lambda: dashboard(panel(targets=[])),
    "target-promql": lambda: dashboard(panel(f"rate({SERIES}[$__rate_interval]")),
    "target-rate-interval": lambda: dashboard(panel(f"rate({SERIES}[5m])")),
    "target-job": lambda: dashboard(
        panel('rate(x_total{instance=~"$instance"}[$__rate_interval])')
    ),
    "target-instance": lambda: dashboard(
        panel('rate(x_total{job=~"$job",instance="$instance"}[$__rate_interval])')
    ),
    "target-counter-agg": lambda: dashboard(panel(f"sum({SERIES})")),
    "uneditable-dashboard": lambda: dashboard(editable=True),
    "panel-type": lambda: dashboard(panel(type="timeserie")),
    "panel-grid": lambda: dashboard(panel(), panel(gridPos={"x": 6, "y": 7, "w": 6, "h": 3})),
    "panel-threshold": lambda: dashboard(
        panel(fieldConfig={"defaults": {"unit": "s", "thresholds": {"steps": [{"value": 7}]}}})
    ),
    "metric-known": lambda: dashboard(panel(f"rate({UNKNOWN}[$__rate_interval])")),
    "dashboard-uid": lambda: dashboard(uid="x" * 41),
}
KNOWN = {"x_total": Metric("x_total", Kind.COUNTER, frozenset({"route"}), frozenset())}


def test_every_rule_has_a_dashboard_that_breaks_it() -> None:
    assert set(BREAKS) == set(LINTER_RULES) | set(OWN_RULES)


@pytest.mark.parametrize("rule", BREAKS)
def test_a_rule_finds_what_breaks_it_and_nothing_else_is_found(rule: str) -> None:
    context = Context(load_objectives(), metrics=KNOWN)

    found = broken_rules(BREAKS[rule](), context)  # type: ignore[arg-type]  # each makes a dashboard

    assert found == {rule}


@pytest.mark.parametrize(
    "expr",
    [
        f"increase({SERIES}[$__range])",
        f"count({SERIES})",
        f"sum(rate({SERIES}[$__rate_interval])) / sum(rate({SERIES}[$__rate_interval]))",
        'ALERTS{alertstate="firing"}',
        'slo:bad:ratio_1h{slo="errors"}',
    ],
)
def test_good_queries_are_left_alone(expr: str) -> None:
    assert problems(dashboard(panel(expr))) == []


def test_a_counter_beside_its_rate_is_still_bare() -> None:
    expr = f"rate({SERIES}[$__rate_interval]) / {SERIES}"

    assert broken_rules(dashboard(panel(expr))) == {"target-counter-agg"}


def test_each_query_may_have_a_data_source_of_its_own() -> None:
    mixed = panel(datasource={"type": "datasource", "uid": "-- Mixed --"})
    mixed["targets"][0]["datasource"] = SOURCE
    assert broken_rules(dashboard(mixed)) == set()

    mixed["targets"][0]["datasource"] = {"type": "prometheus", "uid": "P1"}
    assert broken_rules(dashboard(mixed)) == {"panel-datasource"}


def test_a_panel_on_another_panels_answer_needs_no_variable() -> None:
    other = panel(datasource={"type": "datasource", "uid": "-- Dashboard --"})
    other["targets"] = [{"refId": "A", "panelId": 1}]

    assert problems(dashboard(other)) == []


def test_folded_rows_and_rows_of_old_files_are_looked_into() -> None:
    folded = {"type": "row", "title": "More", "panels": [panel(f"sum({SERIES})")]}
    assert broken_rules(dashboard(folded)) == {"target-counter-agg"}

    old = dashboard(panels=[], rows=[{"title": "Old", "panels": [panel(f"sum({SERIES})")]}])
    assert broken_rules(old) == {"target-counter-agg"}
    assert old.panels[0].row == "Old"


def with_steps(*values: float, expr: str = SERIES, links: object = ()) -> dict[str, object]:
    steps = [{"value": None, "color": "green"}, *({"value": v, "color": "red"} for v in values)]
    return panel(
        f"rate({expr}[$__rate_interval])",
        fieldConfig={"defaults": {"unit": "s", "thresholds": {"steps": steps}}},
        links=links,
    )


def test_the_number_of_a_linked_alert_is_a_threshold() -> None:
    alert = Alert("Hot", "cpu_ratio > 0.8")
    context = Context(load_objectives(), (alert,))
    links = [{"title": "Runbook: Hot", "url": "https://example.com/Hot.md"}]

    assert broken_rules(dashboard(with_steps(0.8)), context) == {"panel-threshold"}
    assert broken_rules(dashboard(with_steps(0.8, links=links)), context) == set()


def test_a_panel_on_one_objective_may_not_show_the_number_of_another() -> None:
    context = Context(load_objectives())
    recorded = 'slo:bad:ratio_1h{slo="latency"}'
    of_latency = panel(recorded) | {"fieldConfig": with_steps(0.95)["fieldConfig"]}
    of_availability = panel(recorded) | {"fieldConfig": with_steps(0.999)["fieldConfig"]}

    assert broken_rules(dashboard(of_latency), context) == set()
    found = problems(dashboard(of_availability), context)
    assert [problem.rule for problem in found] == ["panel-threshold"]
    assert "0.999, which is no number of the objectives latency" in found[0].message
