"""An objective is one file; what follows from it is built."""

import pytest

from tests.support.recipes import Tree, new

TOUCHED = (
    "tests/integration/alerts/test_behaviour.py::test_every_rule_has_tests_and_every_test_has_a_rule",
    "tests/integration/alerts/test_two_teams.py::test_whatever_reads_a_recorded_series_says_whose",
    "tests.properties.dashboards.test_boards.py",
    "tests/unit/alerts/test_checks.py",
    *(
        f"tests/integration/alerts/test_objective_rules.py::{name}"
        for name in (
            "test_other_promises_bring_only_their_own_alerts_and_pages",
            "test_a_promise_beside_the_shipped_ones_leaves_their_rules_as_they_are",
            "test_a_policy_of_a_shipped_promise_has_its_alert_and_changes_no_other_rule",
            "test_a_window_that_only_a_policy_looks_over_is_recorded_for_its_objective",
            "test_two_promises_whose_alerts_would_have_one_name_are_refused",
            "test_the_shipped_rules_do_not_make_way_for_other_promises",
            "test_what_else_is_in_the_users_folder_stays_and_what_was_generated_goes",
        )
    ),
    "tests/unit/slo/test_openslo.py",
    "tests/unit/slo/test_meaning.py",
    "tests/unit/reports/test_other_services.py",
    "tests/properties/reports/test_period_report.py",
    "tests/docs/test_alerts_table.py",
    "tests/docs/test_alerts_page.py",
    "tests/docs/test_slo_page.py",
    "tests/cli/test_slo.py",
    "tests/unit/ops/checks/test_nothing_seen.py",
    "tests/docs/test_contributing_page.py",
)
"""The tests that read every objective, alert, page or board of the project."""
ALERTS = ("BudgetBurnFast", "BudgetBurnSlow", "PartBudgetBurn", "Unmeasured")
OBJECTIVE = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: slots
  displayName: Finding a time
  annotations:
    calendar-sre/split-by: method
spec:
  description: Whoever looks for a free time is answered.
  service: calendar-assistant
  indicator:
    metadata:
      name: slots-answered
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: sum(rate(http_requests_total{job="calendar-api",route="/slots",status=~"5.."}[{{.window}}]))
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(rate(http_requests_total{job="calendar-api",route="/slots"}[{{.window}}]))
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: 99.5 % of searches are answered
      target: 0.995
"""  # noqa: E501 -- a query is one line


@pytest.mark.thorough
def test_a_new_objective_has_rules_pages_and_a_dashboard(tree: Tree) -> None:
    tree.perform("An objective", {"slo/objectives/slots.yaml": new(OBJECTIVE)})
    assert (tree.folder / "alerts/runbooks/SlotsBudgetBurnFast.md").is_file()
    assert (tree.folder / "dashboards/generated/calendar-slo-slots.json").is_file()
    tree.run("sre alerts build --check", "sre dashboards build --check", "sre alerts check",
             "sre dashboards check")  # fmt: skip
    alerts = (
        "SlotsBudgetBurnFast",
        "SlotsBudgetBurnSlow",
        "SlotsPartBudgetBurn",
        "SlotsUnmeasured",
    )
    tree.run(f"sre alerts test {' '.join(f'--only {name}' for name in alerts)}")
    tree.run(f"pytest {' '.join(TOUCHED)}")
