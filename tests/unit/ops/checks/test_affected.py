"""Of each part of the system it is said whether a failure has reached it, and what restores it."""

from datetime import UTC, datetime

import pytest

from ops.checks.affected import COMPONENTS, judge
from ops.checks.finding import Checked, Finding, State, away, info, no_data

AT = datetime(2026, 3, 2, tzinfo=UTC)


def part(check: str, *findings: Finding) -> Checked:
    return Checked(check, AT, 0.0, findings)


def good(*subjects: str) -> list[Finding]:
    return [Finding(subject, State.PASS, "fine") for subject in subjects]


WELL = {
    "health": good("alive", "ready", "status"),
    "dependencies": good("mongodb", "redis", "llm"),
    "monitoring": good("Prometheus", "Alertmanager", "Grafana", "targets"),
    "alerts": good("alerts"),
    "system": good("cpu"),
}


def found(**changed: list[Finding]) -> dict[str, Finding]:
    parts = [part(name, *findings) for name, findings in {**WELL, **changed}.items()]
    return {one.subject: one for one in judge(parts)}


def test_in_a_system_that_works_nothing_is_affected() -> None:
    states = {name: one.state for name, one in found().items()}
    assert states == dict.fromkeys((c.name for c in COMPONENTS), State.PASS)


def test_only_the_component_that_fails_is_affected_and_its_way_back_is_named() -> None:
    lost = [away("mongodb", "refused", "x"), *good("redis", "llm")]
    told = found(dependencies=lost)
    assert [name for name, one in told.items() if one.state is not State.PASS] == ["mongodb"]
    assert "sre backup restore components" in told["mongodb"].do_next
    assert told["mongodb"].unreachable


def test_a_check_of_its_own_that_fails_affects_a_component_that_the_service_still_reaches() -> None:
    told = found(mongodb=[Finding("indexes", State.FAIL, "3 of 9")])
    assert told["mongodb"].state is State.FAIL
    assert "indexes 3 of 9" in told["mongodb"].value


@pytest.mark.parametrize("missing", ["health", "monitoring", "system"])
def test_what_nobody_looked_at_is_not_known_to_work(missing: str) -> None:
    told = found(**{missing: []})
    assert State.NO_DATA in {one.state for one in told.values()}
    told = found(**{missing: [no_data(missing, "not done within 5 s")]})
    assert State.NO_DATA in {one.state for one in told.values()}


def test_what_is_not_configured_is_not_affected() -> None:
    quiet = [*good("mongodb"), info("redis", "not configured")]
    told = found(dependencies=quiet)
    assert told["redis"].state is State.INFO
    assert told["language model"].state is State.INFO
