"""A load run's record as JUnit XML and as Markdown."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from reports.run.load_junit import load_junit
from reports.run.load_markdown import load_markdown
from reports.run.load_words import capacity_words


def row(verdict: str, part: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "objective": "errors",
        "display_name": "Error rate",
        "part": part,
        "target": 0.99,
        "threshold_s": None,
        "total": 1000,
        "bad": 20,
        "measured": {"value": 0.98, "low": 0.97, "high": 0.985},
        "verdict": verdict,
        "more_needed": None,
        "more_needed_s": None,
        **more,
    }


def record(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "run-1",
        "started_at": "2026-11-21T10:00:00+00:00",
        "commit": "abc",
        "verdict": "FAIL",
        "wall_s": 12.5,
        "rate_per_s": 50.0,
        "config": {"profile": {"name": "steady"}},
        "account": {"sent": 1000},
        "overall": {"failed": 20},
        "void_reason": None,
        "interrupted": False,
        "stopped_early": None,
        "cross_check": None,
        "timeline": [{"failures": {"503": 15}}, {"failures": {"timeout": 5}}, {}],
        "routes": {"GET /a|b": {"requests": 5, "failed": 0, "percentiles_ms": {}}},
        "rows": list(rows),
        **more,
    }


def test_every_row_is_a_test_and_only_a_pass_is_green() -> None:
    undecided = row("INCONCLUSIVE", more_needed=500, more_needed_s=90.0)
    rows = (row("PASS"), row("FAIL"), undecided, row("NO DATA"), row("INCONCLUSIVE", "GET /a"))
    suite = ET.fromstring(load_junit(record(*rows)))  # noqa: S314 -- we have just written it
    assert (suite.get("tests"), suite.get("failures")) == ("5", "1")
    assert (suite.get("errors"), suite.get("skipped")) == ("2", "1")
    cases = list(suite.iter("testcase"))
    assert [len(case) for case in cases] == [0, 1, 1, 1, 1]
    assert cases[4].get("name") == "Error rate · GET /a"
    assert "500 more requests would decide, 2 min at this rate" in (
        cases[2][0].get("message") or ""
    )


def test_markdown_has_the_verdict_first_and_nothing_breaks_its_tables() -> None:
    text = load_markdown(record(row("FAIL")), ("slower by 12 % (8 to 17)",))
    assert "Failed: 15 HTTP 503, 5 timeout." in text
    lines = text.splitlines()
    assert lines[0] == "## Load test steady: FAIL"
    assert "| Error rate | 99 % |" in text
    assert "`GET /a\\|b`" in text
    assert "- slower by 12 % (8 to 17)" in lines
    assert {line.replace("\\|", "").count("|") for line in lines if line.startswith("|")} == {5, 7}


def test_a_void_or_partial_run_says_so_before_anything_else() -> None:
    text = load_markdown(record(void_reason="it fell behind", interrupted=True))
    assert text.splitlines()[2] == "**Void:** it fell behind."
    assert "**Interrupted: a partial run.**" in text


def estimate(value: float, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high}


def capacity(**more: Any) -> dict[str, Any]:
    known = {"safe_per_s": 100.0, "broken_per_s": 150.0, "rate": estimate(54.0), "steps": []}
    return {**known, "peak_per_s": None, "peak_in_flight": None, **more}


@pytest.mark.parametrize(
    ("found", "held", "knee"),
    [
        (
            capacity(peak_per_s=estimate(107, 70, 155)),
            "safe up to 100/s, broken at 150/s",
            "levels off at 107/s (70 to 155)",
        ),
        (
            capacity(peak_per_s=estimate(107, 70), peak_in_flight=estimate(12, 8, 20)),
            "safe up to 100/s, broken at 150/s",
            "highest at 107/s (70 or more) with 12 (8 to 20) in flight; beyond it less",
        ),
        (
            capacity(broken_per_s=None),
            "safe up to 100/s, nothing broke: climb higher",
            "not in sight: what was served still grew with the load",
        ),
        (
            capacity(steps=[{"offered_per_s": 120.0, "kept_up": False}]),
            "safe up to 100/s, from 120/s on more arrived than was served, broken at 150/s",
            "not in sight: what was served still grew with the load",
        ),
        (
            capacity(safe_per_s=None, rate=None),
            "no step met every objective, broken at 150/s",
            "too few steps to fit the scalability law",
        ),
    ],
)
def test_a_climb_is_put_into_words_whatever_of_it_could_be_fitted(
    found: dict[str, Any], held: str, knee: str
) -> None:
    assert capacity_words(found) == (held, knee)
