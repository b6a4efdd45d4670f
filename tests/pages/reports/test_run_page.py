"""The page of a run: whole, honest, self-contained, the same for the same record."""

import functools
import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from lxml import etree, html

from kit.pure.errors import BadInputError
from reports.edge.run_page import run_report
from synthetic.edge.golden.judged_answers import run as golden_run
from synthetic.edge.load.catalogue import read_profile_named
from synthetic.golden.record import to_record as golden_record
from synthetic.golden.run_value import Answer
from synthetic.load.record import to_record as load_record
from synthetic.load.run_value import LoadRun, account_of, generator_of
from synthetic.load.samples import SAMPLE
from synthetic.load.schedule import arrivals_s
from synthetic.load.verdicts import judge_run
from tests.support.golden_cases import shipped_cases
from tests.unit.synthetic.test_verdict_rows import CALENDAR, PROMISES

WHEN = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def load(failures: int = 0, total: int | None = None) -> dict[str, Any]:
    profile = read_profile_named("smoke")
    due = arrivals_s(profile)[:total]
    samples = np.zeros(len(due), SAMPLE)
    random = np.random.default_rng(1)
    samples["due_s"], samples["sent_s"] = due, due + 0.001
    samples["latency_s"] = random.lognormal(-4, 0.7, len(due))
    samples["status"], samples["expected"] = 200, 1
    bad = np.linspace(0, len(samples) - 1, failures).astype(int)  # each by itself
    samples["status"][bad], samples["expected"][bad] = 500, 0
    samples["route"] = random.integers(0, 3, len(due))
    account = account_of(samples, scheduled=len(due), sent=len(due))
    run = LoadRun(
        id="20261121T220000-smoke-abcd",
        started_at=WHEN,
        profile=profile,
        target_url="http://127.0.0.1:8000",
        routes=("POST /parse", "POST /events", "GET /events/{id}"),
        account=account,
        generator=generator_of(samples, [(0.5, 20.0)], 1),
        wall_s=21,
        interrupted=False,
        removed_events=3,
        void_reason=None,
        samples=samples,
    )
    machine = {"system": "Linux", "processors": 2, "memory_bytes": 2**34}
    return load_record(run, judge_run(run, PROMISES, CALENDAR), commit="abc", machine=machine)


def golden() -> dict[str, Any]:
    cases = shipped_cases()[:60]
    wrong = {case.id for case in cases[::7]}

    def ask(case: Any) -> Answer:
        if case.id in wrong:
            return Answer({**case.expected, "title": "<script>alert(1)</script>"}, 0.4)
        return Answer(dict(case.expected), 0.9)

    run = golden_run(cases, ask, workers=1)
    return golden_record(
        run, (), identifier="g", started_at=WHEN, commit="abc", machine={}, config={"target": "x"}
    )


@functools.cache
def whole_page() -> str:
    return run_report(load(), golden())


def tree(page: str) -> Any:
    return html.document_fromstring(page)


def test_the_page_refers_to_nothing_outside_itself_and_runs_no_script() -> None:
    page = whole_page()
    for attribute in ("src", "href"):
        found = tree(page).xpath(f"//@{attribute}")
        assert all(value.startswith("#") for value in found)
    assert not re.search(r"url\((?!#)|@import|<script|<link", page)
    assert len(page) < 1_000_000


@pytest.mark.thorough
def test_every_id_is_unique_and_every_reference_has_its_target() -> None:
    page = tree(whole_page())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    text = etree.tostring(page).decode()
    for name in re.findall(r'(?:url\(#|href="#)([^)"]+)', text):
        assert name in ids
    for names in page.xpath("//@aria-labelledby"):
        assert all(name in ids for name in names.split())


def test_every_chart_has_a_title_and_says_its_content_in_words() -> None:
    charts = tree(whole_page()).xpath("//*[local-name()='svg']")
    assert len(charts) == 10
    for chart in charts:
        title, description = chart.xpath("./*[local-name()='title' or local-name()='desc']/text()")
        assert title
        assert len(description) > 20


def test_no_stand_in_for_a_colour_is_left_and_none_is_fixed() -> None:
    page = whole_page()
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert charts
    assert not any(re.search(r"#[0-9a-f]{6}\b", chart) for chart in charts)


@pytest.mark.thorough
def test_the_same_records_give_the_same_page() -> None:
    assert run_report(load(), golden()) == whole_page()


def test_a_missed_objective_is_the_headline() -> None:
    page = tree(run_report(load(failures=60), None))
    assert page.xpath("string(//h1)") == "Missed: errors."
    assert page.xpath("string(//header//span)") == "FAIL"
    assert "PASS" in tree(run_report(load(), None)).xpath("string(//header//span)")


@pytest.mark.thorough
def test_a_void_run_says_why_and_a_run_without_requests_still_has_a_page() -> None:
    void = {**load(), "void_reason": "the generator fell behind", "verdict": "NO DATA"}
    assert "fell behind" in tree(run_report(void, None)).xpath("string(//h1)")
    assert "NO DATA" in run_report(load(total=0), None)


def test_what_people_wrote_is_text_never_markup() -> None:
    page = whole_page()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_record_of_another_schema_is_refused() -> None:
    with pytest.raises(BadInputError, match="schema"):
        run_report({**load(), "schema": "calendar-sre/load-run/v0"}, None)
    with pytest.raises(BadInputError, match="needs a record"):
        run_report(None, None)
