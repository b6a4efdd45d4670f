"""From nothing to a verdict: serve, load, ask the golden set, judge, report.

No Prometheus looks on, so the service's own `/metrics` are gathered for the report on the period.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, generate_latest

from kit.edge import records, writing
from kit.edge.target import Access
from kit.pure.json_values import JsonMapping, JsonObject
from ops.embedded import EmbeddedService, embedded_service
from reports.edge.gathering import Gathered, Target, gathering
from reports.edge.period import of_samples, page
from reports.edge.run_page import run_report
from reports.period.report import PeriodReport
from reports.period.window import span
from reports.run.load_words import told_once
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from slo.objective import Objective
from slo.project.project import Project
from slo.verdict import Verdict, overall
from synthetic.edge.golden.files import load_cases
from synthetic.edge.golden.judged_answers import OnAnswer
from synthetic.edge.golden.judged_answers import run as golden_run
from synthetic.edge.golden.over_http import over_http
from synthetic.edge.load.catalogue import read_profile_named
from synthetic.edge.load.running import run as load_run
from synthetic.golden.case import Case
from synthetic.golden.publishing import AccuracyMetrics
from synthetic.golden.record import to_record as golden_to_record
from synthetic.golden.run_value import GoldenRun
from synthetic.golden.verdicts import Goal, goals
from synthetic.golden.verdicts import judge as golden_judge
from synthetic.load.progress import OnProgress
from synthetic.load.record import to_record as load_to_record
from synthetic.load.verdicts import judge_run

Record = JsonMapping
PROFILE: Final = "smoke"
_SERVICE: Final = Target("calendar-api", "demo")
_PROBER: Final = Target("prober", "demo")
_SOURCE: Final = "the service's own /metrics, gathered by the demonstration"
_MOST_PAGES: Final = 60


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration leaves: two run records, two pages, and the time it took.

    `report` is the page on the two runs, `period` that on the demonstration's own minute.
    """

    load: Record
    golden: Record
    report: Path
    period: Path
    headline: str
    seconds: float

    @property
    def rows(self) -> list[Record]:
        """Return a judgement for each objective; the report also has those of each part."""
        every = told_once([*self.load["rows"], *self.golden["rows"]])
        return [row for row in every if row["part"] is None]

    @property
    def verdict(self) -> Verdict:
        """Return the one verdict of both runs."""
        return overall(Verdict(record["verdict"]) for record in (self.load, self.golden))


def demonstrate(
    *,
    duration_s: float | None,
    on_serving: Callable[[EmbeddedService], None],
    watch_load: AbstractContextManager[OnProgress],
    watch_golden: AbstractContextManager[OnAnswer],
) -> Demo:
    """Run the whole chain against a service of its own and return what it showed.

    What watches a part is entered when that part begins and left when it ends. Raises
    HarnessError where a part cannot do its work; no process, port or temporary folder is
    left behind, whatever ends it.
    """
    began = time.monotonic()
    objectives, project = load_objectives(), load_project(SHIPPED)
    cases = load_cases()
    profile = read_profile_named(PROFILE)
    every_s = max(1, round((duration_s or 0) / _MOST_PAGES))
    with (
        embedded_service() as service,
        gathering(f"{service.url}/metrics", _SERVICE, every_s=every_s) as gathered,
    ):
        on_serving(service)
        with watch_load as on_load:
            run = load_run(
                profile, service.url, duration_s=duration_s, project=project, on_progress=on_load
            )
        with watch_golden as on_answer:
            wanted = goals(objectives, project.roles.accuracy)
            answered, asked = _ask_golden(service.url, cases, wanted, on_answer)
    judged = judge_run(run, objectives, project)
    loaded = load_to_record(run, judged, commit=records.commit(), machine=records.machine())
    records.save("load", loaded)
    records.save("golden", asked)
    folder = records.runs_dir() / "demo"
    report, period = folder / f"{run.id}.html", folder / f"{run.id}-period.html"
    writing.write_whole(report, run_report(loaded, asked, words=project.reports))
    answer = _period(gathered, every_s, answered, objectives, project)
    writing.write_whole(period, page(answer))
    return Demo(loaded, asked, report, period, answer.headline, time.monotonic() - began)


def _period(
    gathered: Gathered,
    every_s: int,
    answered: GoldenRun,
    objectives: tuple[Objective, ...],
    project: Project,
) -> PeriodReport:
    """Return the report on the time from the service's first page of metrics to its last."""
    first_s, last_s = gathered.span_s
    registry = CollectorRegistry()
    if project.roles.accuracy is not None:
        AccuracyMetrics(registry, project.roles.accuracy).take(answered, at_s=last_s)
    gathered.add(last_s, _PROBER, generate_latest(registry).decode())
    start, end = (datetime.fromtimestamp(at_s, UTC) for at_s in (first_s - every_s, last_s))
    window = span(start, end, ZoneInfo("UTC"))
    return of_samples(window, objectives, project, gathered.samples(), source=_SOURCE)


def _ask_golden(
    url: str,
    cases: tuple[Case, ...],
    objectives: tuple[Goal, ...],
    on_answer: OnAnswer,
) -> tuple[GoldenRun, JsonObject]:
    started_at = datetime.now(UTC)
    with over_http(url, access=Access()) as ask:
        result = golden_run(cases, ask, on_answer=on_answer)
    return result, golden_to_record(
        result,
        golden_judge(result, objectives),
        identifier=f"{started_at:%Y%m%dT%H%M%S}-golden",
        started_at=started_at,
        commit=records.commit(),
        machine=records.machine(),
        config={"target": url, "set": "shipped"},
    )
