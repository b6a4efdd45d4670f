"""How a stack is: what runs is held against what `.env` wants."""

from ops.stack.containers import Container
from ops.stack.report import Report, judge

WANTED = {
    "COMPOSE_PROJECT_NAME": "x",
    "COMPOSE_PROFILES": "stand-in",
    "SERVICE_REPLICAS": "2",
    "SERVICE_IMAGE": "service:1",
}
OTHERS = (
    "proxy", "redis", "alertmanager", "prometheus", "node-exporter", "prober", "mongodb-stand-in",
)  # fmt: skip


def _container(service: str, number: int = 1, *, image: str = "i:1", **given: object) -> Container:
    values = {"state": "running", "health": "", "restarts": 0, **given}
    return Container(
        f"{service}-{number}", f"x_{service}_{number}", service, image, str(values["state"]),
        str(values["health"]), 0, "", (), {"front": f"10.0.0.{number}"},
    )  # fmt: skip


def _judged(*api: Container, unfinished: dict[str, str] | None = None) -> Report:
    there = [*(_container(name) for name in OTHERS), *api]
    serving = frozenset({"10.0.0.1", "10.0.0.2"})
    return judge(WANTED, there, serving=serving, unfinished=unfinished, nobody_told=False)


ONE = _container("calendar-api", 1, image="service:1")
TWO = _container("calendar-api", 2, image="service:1")


def test_a_stack_with_all_its_parts_is_well_and_says_what_is_not_for_production() -> None:
    report = _judged(ONE, TWO)
    assert report.is_well
    assert report.absent == {"grafana": "declared absent"}
    assert any("not for production" in one for one in report.notes)


def test_a_replica_too_few_too_many_or_that_takes_no_requests_is_not_well() -> None:
    third = _container("calendar-api", 3, image="service:1")
    for api in ((ONE,), (ONE, TWO, third), (ONE, third)):
        assert not _judged(*api).is_well


def test_a_replica_of_another_version_and_an_upgrade_that_was_killed_are_named() -> None:
    other = _container("calendar-api", 2, image="service:2")
    report = _judged(ONE, other, unfinished={"to": "service:2", "phase": "canary"})
    assert not report.is_well
    assert any("service:2" in one and "sre stack up" in one for one in report.problems)
    assert any("did not come to its end (canary)" in one for one in report.problems)


def test_a_container_that_keeps_ending_is_named_with_the_command_that_shows_why() -> None:
    report = _judged(ONE, _container("calendar-api", 2, image="service:1", state="restarting"))
    (api,) = [one for one in report.parts if one.service == "calendar-api"]
    assert api.problem == "x_calendar-api_2 is restarting: docker logs x_calendar-api_2"


def test_nothing_that_runs_is_not_well() -> None:
    report = judge(WANTED, [], serving=frozenset(), unfinished=None, nobody_told=True)
    assert not report.is_well
    assert not report.runs
