"""What a Prometheus has recorded is replayed as it was, and judged by its incidents."""

import numpy as np
import pytest

from alerts.backtest.incidents import (
    BETWEEN,
    Span,
    aligned,
    outcomes,
    raw_metrics,
    read_incidents,
    span_of,
)
from alerts.backtest.replay import Firing
from kit.pure.errors import BadInputError

INCIDENT = """
- name: outage
  expect: page
  from: 2026-11-02T10:00:00Z
  to: "2026-11-02T11:20:00+01:00"
"""


def firing(name: str, start_s: int, severity: str = "critical") -> Firing:
    return Firing((("alertname", name), ("severity", severity)), start_s, start_s + 300)


def test_an_incident_is_read_with_its_offsets() -> None:
    (incident,) = read_incidents("a.yaml", INCIDENT)
    assert incident.end_s - incident.start_s == 20 * 60
    assert str(incident.expect) == "page"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("11:20", "10:20", "is not after `from`"),
        ("10:00:00Z", "10:00:00", "has no offset"),
        ("2026-11-02T10:00:00Z", "yesterday", "is not a time"),
        ("page", "quiet", "expect"),
        ("outage", BETWEEN, "is used twice"),
        ("- name", "- - name", "is not YAML"),
    ],
)
def test_a_wrong_incident_is_named(old: str, new: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        read_incidents("a.yaml", INCIDENT.replace(old, new))


def test_each_step_has_its_newest_sample_and_a_gap_stays_one() -> None:
    span = Span(start_s=1060, end_s=1300, warm_up_s=60, step_s=60)
    times = np.array([999.0, 1000, 1030, 1055, 1061, 1200, 1301])
    found = aligned(times, np.array([0.0, 1, 2, 3, 4, 5, 6]), span)
    assert span.steps == 6
    np.testing.assert_array_equal(found, [1, 3, 4, np.nan, 5, np.nan])


def test_only_series_that_no_rule_records_are_fetched() -> None:
    rules = ["sum(rate(a_total[5m])) / r:a:b > 1", 'ALERTS{alertname="A"} and up == 0']
    assert raw_metrics(rules, ["r:a:b"]) == ("a_total", "up")


def test_a_firing_is_right_within_its_incident_and_wrong_anywhere_else() -> None:
    (incident,) = read_incidents("a.yaml", INCIDENT)
    span = Span(incident.start_s - 7200, incident.end_s + 7200, 3600, 60)
    start = 3600 + 7200
    told = [firing("Before", 1800), firing("A", start + 90), firing("B", start - 60),
            firing("C", start + 1200 + 901)]  # fmt: skip
    outage, calm = outcomes([incident], told, span)
    assert [each.name for each in outage.right] == ["A"]
    assert (outage.detected_s, outage.wrong) == (90, ())
    assert [each.name for each in calm.wrong] == ["B", "C"]
    assert calm.false_pages == 2
    assert outage.scenario.length_s + calm.scenario.length_s == 2 * 7200 + 1200


def test_an_incident_outside_the_span_is_a_bad_input() -> None:
    (incident,) = read_incidents("a.yaml", INCIDENT)
    with pytest.raises(BadInputError, match="'outage' is not within the span"):
        outcomes([incident], [], Span(incident.start_s + 60, incident.end_s, 0, 60))


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2026-11-02T10:00:00Z", "2026-11-02T09:00:00Z", "is not after"),
        ("monday", "2026-11-02T09:00:00Z", "is no span"),
        ("2026-11-02T10:00:00", "2026-11-03T09:00:00Z", "has no offset"),
    ],
)
def test_a_wrong_span_is_said(start: str, end: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        span_of(start, end, warm_up_s=0, step_s=60)
