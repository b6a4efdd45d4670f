"""What was declared absent is shown as such; what is declared and missing is NO DATA."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.pure.errors import BadInputError
from ops.checks import monitoring
from ops.checks.finding import State
from ops.checks.places import read_places

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def _states(absent: frozenset[str]) -> dict[str, State]:
    nothing = dict.fromkeys(("Prometheus", "Alertmanager", "Grafana"))
    found = monitoring.judge(monitoring.ObservedMonitoring(nothing, absent=absent))
    return {one.subject: one.state for one in found}


def test_what_is_declared_absent_is_shown_and_the_rest_is_no_data() -> None:
    assert _states(frozenset({"grafana"})) == {
        "Prometheus": State.NO_DATA,
        "Alertmanager": State.NO_DATA,
        "Grafana": State.INFO,
    }
    assert State.INFO not in _states(frozenset()).values()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SRE_ABSENT": "grafanna"}, "'grafanna' cannot be absent"),
        ({"SRE_ABSENT": "mongodb"}, "'mongodb' cannot be absent"),
        (
            {"SRE_ABSENT": "grafana", "SRE_GRAFANA_URL": "http://g:3000"},
            "declares grafana absent, and SRE_GRAFANA_URL says where it is",
        ),
        ({"SRE_BEGAN": "yesterday"}, "SRE_BEGAN=yesterday is no time"),
        ({"SRE_BEGAN": "2026-11-30T09:00:00"}, "has no offset"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read_places(environment)


def test_nothing_is_judged_from_before_the_first_start() -> None:
    day = timedelta(days=1)
    assert read_places({}).since(day, NOW) == day
    young = read_places({"SRE_BEGAN": "2026-11-30T08:50:00+00:00"})
    assert young.since(day, NOW) == timedelta(minutes=10)
    old = read_places({"SRE_BEGAN": "2026-10-30T10:50:00+02:00"})
    assert old.since(day, NOW) == day
    future = read_places({"SRE_BEGAN": "2026-12-30T08:50:00Z"})
    assert future.since(day, NOW) == timedelta(seconds=1)
