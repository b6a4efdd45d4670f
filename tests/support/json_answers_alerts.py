"""Command lines of slo, alerts, dashboards and report, and the schema of what each prints."""

from typing import Final

from slo.edge.project_file import SHIPPED
from tests.compat.frozen import RELEASES
from tests.support.examples import EXAMPLES

_FIRST: Final = RELEASES[0]
_RULES: Final = str(_FIRST / "rules")
_RUN: Final = str(_FIRST / "runs/load/20261129T165741-pass-8d5e.json")
_SLOTH: Final = str(EXAMPLES / "sloth/getting-started.yaml")
_PROJECT: Final = str(SHIPPED)
_NO_RULES: Final = str(EXAMPLES / "queue-lag.yaml")
_SPAN: Final = ["--from", "2026-11-02T00:00:00Z", "--to", "2026-11-02T01:00:00Z"]

ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["alerts", "show", "LatencyBudgetBurnFast"], "alerts-show", 0),
    (["alerts", "show", "LatencyBudgetBurnFsat"], "error", 2),
    (["slo", "validate"], "slo-validate", 0),
    (["slo", "validate", str(EXAMPLES)], "slo-validate", 0),
    (["slo", "validate", _SLOTH], "slo-validate", 2),
    (["slo", "validate", "{tmp}"], "error", 2),
    (["slo", "validate", "--prometheus", "{prometheus}"], "error", 3),
    (["slo", "show"], "slo-show", 0),
    (["slo", "show", str(EXAMPLES)], "slo-show", 0),
    (["slo", "show", _SLOTH], "error", 2),
    (["slo", "show", "--no-such-option"], "error", 2),
    (["slo", "budget", "errors", "--bad", "5", "--total", "1000"], "slo-budget", 0),
    (["slo", "budget", "errors", "--bad", "20", "--total", "1000"], "slo-budget", 1),
    (["slo", "budget", "errors", "--bad", "0", "--total", "0"], "slo-budget", 5),
    (["slo", "budget"], "error", 2),
    (["slo", "budget", "--prometheus", "{prometheus}"], "error", 3),
    (["slo", "import", _SLOTH], "slo-import", 0),
    (["slo", "import", _SLOTH, "--out", "{tmp}"], "slo-import", 0),
    (["slo", "import", "{tmp}/none.yaml"], "error", 2),
    (["alerts", "build", "--check"], "alerts-build", 0),
    (["alerts", "build", "--check", "--out", "{tmp}"], "alerts-build", 1),
    (["alerts", "build", "--receivers", "{tmp}/none.yaml"], "error", 2),
    (["alerts", "check"], "alerts-check", 0),
    (["alerts", "check", _NO_RULES], "alerts-check", 2),
    (["alerts", "check", "{tmp}/none.yaml"], "error", 2),
    (["alerts", "check", "--prometheus", "{prometheus}"], "error", 3),
    (["alerts", "test", "--only", "TargetsMissing"], "alerts-test", 0),
    (["alerts", "test", "--only", "Nobody"], "error", 2),
    (["alerts", "routes", _PROJECT, "--out", "{tmp}/routes"], "alerts-routes", 0),
    (["alerts", "routes", _PROJECT, _PROJECT, "--out", "{tmp}"], "error", 2),
    (["alerts", "diff", "{tmp}", "--prometheus", "{prometheus}"], "error", 3),
    (["alerts", "deploy", "{tmp}/none", "--prometheus", "{prometheus}"], "error", 2),
    (["alerts", "rollback", "{tmp}", "--prometheus", "{prometheus}"], "error", 5),
    (["alerts", "history", _RULES], "alerts-history", 0),
    (["alerts", "history", "{tmp}"], "error", 5),
    (["alerts", "backtest", *_SPAN], "error", 2),
    (["alerts", "backtest", "--rules", "{tmp}/none.yaml"], "error", 2),
    (["alerts", "tune", "--threshold", "nothing"], "error", 2),
    (["dashboards", "build", "--check"], "dashboards-build", 0),
    (["dashboards", "build", "--objectives", "{tmp}"], "error", 2),
    (["dashboards", "check"], "dashboards-check", 0),
    (["dashboards", "check", _NO_RULES], "error", 2),
    (["dashboards", "check", "--prometheus", "{prometheus}"], "error", 3),
    (["dashboards", "preview", "--prometheus", "{prometheus}", "--out", "{tmp}"], "error", 3),
    (["dashboards", "deploy", "--grafana", "{prometheus}"], "error", 3),
    (["dashboards", "rollback", "--grafana", "{prometheus}"], "error", 5),
    (["dashboards", "annotate", "--grafana", "{prometheus}"], "error", 3),
    (["report", "run", _RUN], "report-run", 0),
    (["report", "run"], "error", 5),
    (["report", "daily", "--of", "2026-06-03"], "error", 5),
    (["report", "weekly", "--of", "2026-06-03"], "error", 5),
    (["report", "weekly", "--prometheus", "{prometheus}"], "error", 3),
    (["report", "monthly", "--of", "2026-06-03"], "error", 5),
    (["report", "quarterly", "--of", "2026-06-03"], "error", 5),
    (["report", "history"], "error", 5),
    (["report", "capacity"], "error", 5),
    (["report", "capacity", "--prometheus", "{prometheus}"], "error", 3),
    (["report", "send", "week-2026-W46", "--to", "email"], "error", 2),
]  # fmt: skip
