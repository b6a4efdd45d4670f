"""Gather what a report on a day, week or month needs, and write it in every format."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from kit.edge import records
from kit.edge.prometheus import Prometheus, QueryRefusedError, connect
from kit.pure.answers import Answer
from kit.pure.errors import BadInputError, NotEnoughDataError, UnreachableError
from kit.pure.json_values import from_json
from kit.pure.urls import masked
from reports.edge.budgets import budgets
from reports.edge.formats import Written, write_report
from reports.edge.html_page import to_html
from reports.edge.period_charts import draw
from reports.gathered.evaluate import answer
from reports.gathered.samples import Samples
from reports.markdown import to_markdown
from reports.period import capacity_summary, closely
from reports.period.as_json import to_json, to_record
from reports.period.compose import document
from reports.period.counters import Counters
from reports.period.counting import Ask, Counting
from reports.period.evidence import Evidence, Record, read_record
from reports.period.plan import FOUR_WEEKS, plan
from reports.period.report import SCHEMA, PeriodReport, period_report
from reports.period.resolution import how_often, scrape_interval_s
from reports.period.steady import steady, watching
from reports.period.window import Window
from slo.objective import Objective
from slo.project.project import Project

_OTHER_KINDS: Final = ("backup", "drill", "deploy", "incident", "tune")
_MOST_SPLIT: Final = ("latency", "failing")
_MOST_RECORDS: Final = 500


def make(
    window: Window,
    objectives: Sequence[Objective],
    project: Project,
    *,
    prometheus_url: str | None,
    now: datetime,
) -> PeriodReport:
    """Return the report on a window that has ended.

    Raises UnreachableError when Prometheus does not answer and there is no run record either, and
    NotEnoughDataError when neither is there to be asked.
    """
    if window.end > now:
        raise BadInputError(
            f"{window.label} ends {window.end.isoformat()}, which is still to come",
            hint="choose an earlier one, or give --from and --to now",
        )
    kept, unread = records_until(window.end)
    evidence = Evidence(window, objectives, {}, project, records=kept, unread=unread)
    has_runs = any(record.kind != "report" for record in kept)
    if prometheus_url is None:
        if not has_runs:
            raise NotEnoughDataError(
                f"no Prometheus is configured, and {records.runs_dir()} has no run before "
                f"{window.end:%Y-%m-%d %H:%M}",
                hint="give --prometheus URL, or --from and --to now for the runs of today",
            )
        return period_report(evidence)
    try:
        found = _ask(evidence, prometheus_url)
    except UnreachableError as err:
        if not has_runs:
            raise
        return period_report(replace(evidence, trouble=str(err)))
    return period_report(replace(found, source=masked(prometheus_url)))


def of_samples(
    window: Window,
    objectives: Sequence[Objective],
    project: Project,
    samples: Samples,
    *,
    source: str,
) -> PeriodReport:
    """Return the report on samples at hand and the records kept, where no Prometheus has looked."""
    interval = answer(samples, how_often(window, project.target))
    scrape_s = scrape_interval_s(window, interval)
    queries = plan(window, objectives, project, scrape_s)
    answers = {query.name: answer(samples, query) for query in queries}
    texts = {query.name: query.expression for query in queries}
    accounts = budgets(lambda query: answer(samples, query), objectives, window, answers, texts)
    answers["alerts"] = Answer(problem="no Prometheus was there to evaluate alert rules")
    kept, unread = records_until(window.end)
    evidence = Evidence(
        window,
        objectives,
        answers,
        project,
        accounts,
        kept,
        source=source,
        unread=unread,
        scrape_s=scrape_s,
        asked=texts,
    )
    return period_report(_looked_closely(evidence, lambda query: answer(samples, query)))


def page(report: PeriodReport) -> str:
    """Return the report as one HTML page."""
    return to_html(document(report), partial(draw, report=report))


def write(
    report: PeriodReport, folder: Path | None, formats: Sequence[str]
) -> Written[PeriodReport]:
    """Write the report to a folder, runs/report by default.

    Its JSON is also kept as a record, for the next report's carried actions.

    Raises BadInputError for a folder that cannot be written.
    """
    usual = records.runs_dir() / "report"
    written = write_report(report, folder or usual, formats, partial(_text, report))
    if written.files.get("json") != usual / f"{report.id}.json":
        records.save("report", to_record(report))
    return written


def _text(report: PeriodReport, form: str) -> str:
    if form == "json":
        return to_json(report)
    return to_markdown(document(report)) if form == "md" else page(report)


def _ask(evidence: Evidence, url: str) -> Evidence:
    """Return the evidence with what a Prometheus has."""
    window, objectives, project = evidence.window, evidence.objectives, evidence.project
    with connect(url) as prometheus:
        often = how_often(window, project.target)
        interval = prometheus.answer(often)
        scrape_s = scrape_interval_s(window, interval)
        try:
            asked = plan(window, objectives, project, scrape_s)
            queries = (*asked, *capacity_summary.queries(window, project))
        except ValueError as err:
            raise BadInputError(
                f"these objectives need too much: {err}", hint="report on fewer with --objectives"
            ) from err
        counting, watched = _counting(evidence, prometheus, scrape_s)
        answers = {often.name: interval, **watched}
        ask = prometheus.answer_or_problem
        if counting is not None:
            ask = counting.answer  # what splits most comes first: the rest may be in it
            first = (one for one in queries if one.name in _MOST_SPLIT)
            answers |= {one.name: counting.learn(one) for one in first}
        answers |= prometheus.answers((one for one in queries if one.name not in answers), ask)
        texts = {query.name: query.expression for query in (often, *queries)}
        accounts = budgets(ask, objectives, window, answers, texts)
        rules = _rules(prometheus)
        found = replace(
            evidence,
            answers=answers,
            accounts=accounts,
            rules=rules,
            scrape_s=scrape_s,
            asked=texts,
        )
        return _looked_closely(found, prometheus.answer_or_problem)


def _counting(
    evidence: Evidence, prometheus: Prometheus, scrape_s: int
) -> tuple[Counting | None, dict[str, Answer]]:
    """Return who counts, if anybody can, and what showed when processes were steady."""
    window, project = evidence.window, evidence.project
    longest = max((one.window for one in evidence.objectives), default=FOUR_WEEKS)
    start_s = min(window.before().start_s, window.end_s - round(longest.total_seconds()))
    start_s = min(start_s, window.before().end_s - round(FOUR_WEEKS.total_seconds()))
    asked = watching(start_s, window.end_s, project)
    if asked is None:
        return None, {}
    found = prometheus.answer(asked)
    state = steady(asked, found)
    counters = Counters(project, state, scrape_s) if state else None
    counting = Counting(prometheus.answer_or_problem, counters) if counters else None
    return counting, {asked.name: found}


def _looked_closely(evidence: Evidence, ask: Ask) -> Evidence:
    """Return the evidence with a closer look at where requests failed."""
    query = closely.look(evidence)
    if query is None:
        return evidence
    return replace(
        evidence,
        answers={**evidence.answers, query.name: ask(query)},
        asked={**evidence.asked, query.name: query.expression},
    )


def _rules(prometheus: Prometheus) -> dict[str, float] | None:
    """Return the alert rules, with the seconds for which each goes on firing by itself."""
    try:
        found = prometheus.get("/api/v1/rules", type="alert")
    except (QueryRefusedError, UnreachableError):
        return None
    groups = found.get("groups", []) if isinstance(found, dict) else []
    rules: dict[str, float] = {}
    for rule in (rule for group in groups for rule in group.get("rules", [])):
        name, kept = str(rule.get("name")), float(rule.get("keepFiringFor") or 0)
        rules[name] = max(kept, rules.get(name, 0.0))
    return rules or None


def records_until(until: datetime) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """Return the records that began before a moment, and which files could not be read."""
    unread: list[str] = []
    found: list[tuple[str, dict[str, Any]]] = []
    for kind in records.REPORTED:
        listed = records.listed(kind, unread.append)
        found += ((kind, data) for _, data in islice(listed, _MOST_RECORDS))
    for kind in _OTHER_KINDS:
        found += ((kind, data) for data in _read_all(kind, unread))
    for data in _read_all("report", unread):
        if data.get("schema") == SCHEMA:
            found.append(("report", {**data, "started_at": data.get("window", {}).get("start")}))
    known = []
    for kind, data in found:
        record = read_record(kind, data)
        if record is None:
            unread.append(f"a {kind} record ({data.get('id')}) has no id, or no time with a zone")
        elif record.at < until:
            known.append(record)
    return tuple(known), tuple(unread)


def _read_all(kind: str, unread: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the newest records of a kind that this part does not own."""
    for path in sorted((records.runs_dir() / kind).glob("*.json"), reverse=True)[:_MOST_RECORDS]:
        try:
            data = from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as err:
            unread.append(f"{path}: not a record: {err}")
            continue
        if isinstance(data, dict):
            yield data
        else:
            unread.append(f"{path}: not a record: no JSON object")


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
