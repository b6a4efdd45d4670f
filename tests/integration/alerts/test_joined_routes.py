"""One Alertmanager configuration of several projects, from those that each has alone."""

from pathlib import Path
from typing import Any

import pytest

from alerts.edge.generated import generated
from alerts.routing.config import CONFIG_PATH
from alerts.routing.joined import joined
from kit.pure.errors import BadInputError
from slo.edge.project_file import load_project
from tests.support.calendar_alerts import CALENDAR
from tests.support.foreign_projects import orders, stock
from tests.support.yaml_text import from_yaml


@pytest.fixture
def alone(tmp_path: Path) -> dict[str, dict[str, Any]]:
    projects = [CALENDAR, *(load_project(make(tmp_path)) for make in (orders, stock))]
    return {each.name: from_yaml(generated(each).texts[CONFIG_PATH]) for each in projects}


def all_receivers(route: dict[str, Any]) -> set[str]:
    below = (all_receivers(each) for each in route.get("routes", []))
    return {route["receiver"]}.union(*below)


def test_every_receiver_and_interval_that_a_route_names_is_there_once(
    alone: dict[str, dict[str, Any]],
) -> None:
    both = joined(alone)
    named = [each["name"] for each in both["receivers"]]
    assert len(named) == len(set(named)) == sum(len(one["receivers"]) for one in alone.values())
    assert all_receivers(both["route"]) <= set(named)
    intervals = {each["name"] for each in both["time_intervals"]}
    assert intervals == {f"{name}-business-hours" for name in alone}
    assert "'business-hours'" not in str(both)


def test_each_project_s_routes_and_inhibitions_stay_about_its_own_services(
    alone: dict[str, dict[str, Any]],
) -> None:
    both = joined(alone)
    assert [each["matchers"] for each in both["route"]["routes"]] == [
        [f'service="{name}"'] for name in alone
    ]
    assert both["inhibit_rules"] == [
        rule for one in alone.values() for rule in one["inhibit_rules"]
    ]
    assert both["route"]["receiver"] == "calendar-assistant-unrouted"
    assert {"team", "tier"} <= set(both["route"]["group_by"])


def test_two_projects_of_one_service_are_refused(alone: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(
        BadInputError, match='orders and twin both have routes for service="orders"'
    ):
        joined({"orders": alone["orders"], "twin": alone["orders"]})
