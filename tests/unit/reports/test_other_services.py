"""Reports on services of other teams: what they call things is in their project files alone."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kit.pure.answers import Answer, Series
from reports.capacity.report import queries
from reports.markdown import to_markdown
from reports.period.compose import document
from reports.period.evidence import Evidence
from reports.period.kinds import about
from reports.period.plan import names, plan
from reports.period.report import PeriodReport, period_report
from reports.period.window import Kind, containing
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from slo.objective import Measure
from slo.project.project import Project
from tests.support.other_projects import CALENDAR, orders, slo, stock
from tests.support.promises import promises

WINDOW = containing(Kind.DAY, date(2026, 6, 3), ZoneInfo("UTC"))
FAILING = slo(
    "no-errors",
    "orders",
    total='http_requests_total{job="orders"}',
    bad='http_requests_total{job="orders",code=~"5.."}',
    target=0.99,
)
FAST = slo(
    "fast",
    "orders",
    total='http_request_duration_seconds_count{job="orders"}',
    good='http_request_duration_seconds_bucket{job="orders",le="0.3"}',
    target=0.95,
)
STOCK = slo(
    "stock-answers",
    "stock",
    total='http_server_request_duration_seconds_count{job="stock"}',
    bad='http_server_request_duration_seconds_count{job="stock",http_response_status_code=~"5.."}',
    target=0.99,
)


def report(project: Project, given: dict[str, list[tuple[dict[str, str], float]]]) -> PeriodReport:
    objectives = load_objectives(Path(project.paths.objectives))
    asked_as = names(WINDOW, objectives, project)
    known = {asked_as.get(name, name): found for name, found in given.items()}
    answers = {}
    for query in plan(WINDOW, objectives, project):
        at = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
        found = known.get(query.name, [])
        answers[query.name] = Answer(
            tuple(Series(labels, at, np.full(len(at), value)) for labels, value in found)
        )
    return period_report(Evidence(WINDOW, objectives, answers, project, source="by hand"))


@pytest.mark.parametrize("make", [orders, stock])
def test_nothing_of_the_calendar_is_asked_of_another_service(tmp_path: Path, make: Any) -> None:
    project = make(tmp_path / "it", FAILING, FAST)
    objectives = load_objectives(Path(project.paths.objectives))
    asked = [*plan(WINDOW, objectives, project), *queries(WINDOW.end, project)]
    text = "\n".join(query.expression for query in asked)
    for word in ("calendar", "/health", "component", "parsing", "active_users", "tier"):
        assert word not in text
    assert f'job="{project.name}"' in text
    assert f'service=~"{project.name}"' in text


def test_a_role_that_is_not_bound_leaves_its_section_out_and_says_so(tmp_path: Path) -> None:
    found = report(orders(tmp_path / "it", FAILING), {})
    text = to_markdown(document(found))
    assert "cache (no [metrics.cache] in sre.toml)" in found.left_out
    assert "dependencies (no [[metrics.dependency]] in sre.toml)" in text
    assert found.quality.missing == (
        "http_requests_total",
        "http_request_duration_seconds_bucket",
        "process_cpu_seconds_total",
    )
    for absent in ("Parsing", "accuracy by day", "cache hits", "Cache and dependencies"):
        assert absent not in text
    assert found.understanding.problem is None


def test_the_calendar_leaves_nothing_out() -> None:
    assert period_report(Evidence(WINDOW, (), {}, CALENDAR)).left_out == ()


def test_an_unknown_job_is_named_and_no_share_of_the_window(tmp_path: Path) -> None:
    others = {"scrapes": [({"job": "shop-orders"}, 4.0)]}
    found = report(orders(tmp_path / "it", FAILING), others)
    text = to_markdown(document(found))
    assert found.promises[0].reason == "job orders not found in Prometheus for this time"
    assert "job orders not found in Prometheus for this time" in found.headline
    assert "of the window was scraped" not in text
    assert found.actions[0].because == "job orders not found in Prometheus for this time"


def test_labels_of_other_names_are_read_as_routes_and_statuses(tmp_path: Path) -> None:
    given = {
        "scrapes": [({"job": "orders"}, 4.0)],
        "whole.this": [({"part": "requests"}, 86_400.0), ({"part": "failed"}, 864.0)],
        "requests": [({"part": "all", "handler": "/pay"}, 3600.0)],
        "latency": [({"handler": "/pay", "le": le}, 3600.0) for le in ("0.3", "+Inf")],
        "failing": [({"handler": "/pay", "code": "503"}, 0.01)],
        "slo.no-errors.end": [
            ({"part": "bad_this"}, 0.01),
            ({"part": "total_this"}, 1.0),
        ],
    }
    found = report(orders(tmp_path / "it", FAILING), given)
    assert dict(found.traffic.routes) == {"/pay": pytest.approx(86_400.0)}
    assert found.traffic.error_rate == pytest.approx(0.01)
    assert [one.route for one in found.waiting.routes] == ["/pay"]
    (spent,) = found.spending
    assert (spent.cells[0].route, spent.cells[0].status) == ("/pay", "503")


def test_a_service_without_a_label_for_routes_has_one_for_all(tmp_path: Path) -> None:
    given = {
        "scrapes": [({"job": "stock"}, 4.0)],
        "requests": [({"part": "all"}, 3600.0)],
        "latency": [({"le": le}, 3600.0) for le in ("0.3", "+Inf")],
    }
    found = report(stock(tmp_path / "it", STOCK), given)
    assert [one.route for one in found.waiting.routes] == ["all routes"]
    assert any(one.startswith("routes (") for one in found.left_out)


def test_what_an_objective_is_about_follows_from_what_it_counts(tmp_path: Path) -> None:
    project = orders(tmp_path / "it", FAILING, FAST)
    found = load_objectives(Path(project.paths.objectives))
    assert {one.name: about(one, project) for one in found} == {
        "no-errors": Measure.ERRORS,
        "fast": Measure.LATENCY,
    }
    for one in promises():
        assert about(one, CALENDAR) is one.measure


def test_edges_in_milliseconds_are_read_as_seconds(tmp_path: Path) -> None:
    made = orders(tmp_path / "it", FAILING)
    path = Path(made.source)
    path.write_text(path.read_text().replace("[metrics.latency]", '[metrics.latency]\nunit = "ms"'))
    project = load_project(path)
    given = {"latency": [({"handler": "/", "le": le}, 36.0) for le in ("100", "+Inf")]}
    found = report(project, given)
    by_level = {one.level: one.this_s for one in found.waiting.percentiles}
    assert by_level[0.5] == pytest.approx(0.05)
