"""An alert on a metric that did not exist, from the service to the page that wakes somebody."""

import pytest

from tests.support.recipes import Tree, after, replaced

KEEP = """\
            components.telemetry.imports_running.add(1)
            try:
                file = await components.compute_pool.run_in_thread(partial(file_of, body))
            finally:
                components.telemetry.imports_running.add(-1)
"""
RULE = """\
  - alert: ImportsPilingUp
    expr: max(imports_running{job="calendar-api"}) > %imports_running%
    severity: warning
    priority: P3
    for: 5m
    keep: 15m
"""
CASES = """\
ImportsPilingUp:
  series: imports_running{job="calendar-api",instance="a"}
  usual: 1
  limit: imports_running
"""
METRIC = """\
  - name: imports_running
    type: gauge
    unit: '1'
    help: Imports of calendars at work.
    jobs: [calendar-api]
"""
PANEL = """\
          - title: Imports at work
            kind: stat
            unit: count
            queries:
              - {query: 'max(imports_running{<target>})', legend: imports}
            good: a handful.
            otherwise: see who imports what in the log.
            above: {warning: imports_running}
            alerts: [ImportsPilingUp]
            width: 12
"""
PAGE = """\
ImportsPilingUp:
  summary: '{{ $value }} imports of calendars are at work at once.'
  meaning: More imports than usual have been running in one process for five minutes.
  impact: They take the processor from everybody else's requests.
  diagnosis:
    - [See how many there are., 'curl -s http://localhost:8000/metrics | grep ^imports_running']
  mitigation:
    - Find the client that repeats its import, and ask it to wait for the answer.
"""


METRIC = """\
  - name: imports_running
    type: gauge
    unit: '1'
    help: Imports of calendars at work.
    jobs: [calendar-api]
"""
EDITS = {
    "service/metrics.yaml": after("      tier: [memory]", METRIC),
    "service/telemetry.py": after(
        '        self.cache_entries = gauge("cache_entries")',
        '        self.imports_running = gauge("imports_running")\n',
    ),
    "service/api/ics.py": replaced(
        "            file = await components.compute_pool.run_in_thread(partial(file_of, body))\n",
        KEEP,
    ),
    "docs/service.md": after(
        "| `cache_entries` | `tier` | Entries in the cache inside the process. |",
        "| `imports_running` | - | Imports of calendars at work. |\n",
    ),
    "alerts/own/rules.yaml": lambda text: after("limits:", "  imports_running: 20\n")(text) + RULE,
    "alerts/own/cases.yaml": lambda text: text + CASES,
    "alerts/pages/components.yaml": lambda text: text + PAGE,
    "service/boards/operations.yaml": after(
        "      - question: Are database and cache in order?\n        panels:", PANEL
    ),
}


@pytest.mark.thorough
def test_a_new_metric_has_an_alert_a_page_its_cases_and_a_panel(tree: Tree) -> None:
    said = tree.perform("A threshold alert on a new metric", EDITS, name="ImportsPilingUp")
    assert "0 errors, 0 warnings" in said
    assert (tree.folder / "alerts/runbooks/ImportsPilingUp.md").is_file()
    tree.run("sre alerts test --only ImportsPilingUp", "sre alerts build --check",
             "sre dashboards build --check")  # fmt: skip


@pytest.mark.thorough
def test_the_new_alert_s_cases_notice_every_change_of_it(tree: Tree) -> None:
    tree.perform("A threshold alert on a new metric", EDITS, name="ImportsPilingUp")
    assert "8 of 8 mutants killed" in tree.run("sre alerts test --mutate --only ImportsPilingUp")
