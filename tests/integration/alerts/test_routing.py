"""Every alert reaches who it is for, judged by Alertmanager's own tool."""

import re
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.edge.shipped import HOME, load_own_rules, load_template
from alerts.routing.config import alertmanager_config
from alerts.routing.receivers import read_receivers
from alerts.rule import RuleSet
from alerts.thresholds import Thresholds
from kit.pure.fields import FieldError
from ops.drills.rules import routes_of
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED as PROJECT
from slo.edge.project_file import load_project
from tests.support.sampling import quick
from tests.support.yaml_text import from_yaml

CONFIG = HOME / "generated/routing/alertmanager.yml"
RULE_FILES = (HOME / "generated/calendar.yaml", HOME / "generated/routing/escalation.yaml")
OWN = load_own_rules(load_project(PROJECT), asdict(Thresholds()))
SHIPPED = (HOME / "routing/receivers.yaml").read_text()
AmTool = Callable[[Sequence[Path]], list[str]]


def alerts() -> list[dict[str, str]]:
    """Return the labels of every alert."""
    return [
        {"alertname": rule["alert"], **rule["labels"]}
        for path in RULE_FILES
        for group in from_yaml(path.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]


def wanted(labels: dict[str, str]) -> str:
    """Return who must be told, by the matrix of the operational procedures."""
    if labels["alertname"] == "Watchdog":
        return "heartbeat"
    if "escalation" in labels:
        return f"page-{labels['escalation']}"
    if labels["severity"] == "critical":
        return "page-L1"
    if labels["severity"] == "info":
        return "board"
    return "ticket-urgent" if labels["priority"] in {"P1", "P2"} else "ticket-normal"


def test_amtool_accepts_the_configuration(amtool: AmTool) -> None:
    done = subprocess.run(
        [*amtool([CONFIG.parent]), "check-config", str(CONFIG)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 templates" in done.stdout


def each_way() -> list[dict[str, str]]:
    """Return the labels of one alert for each combination of what the routes look at."""
    routes = routes_of(from_yaml(CONFIG.read_text())["route"])
    matchers = [matcher for each in routes for matcher in each.get("matchers", ())]
    asked = [re.split("[=!~]", matcher)[0] for matcher in matchers]
    named = CONFIG.read_text().partition("inhibit_rules")[0]

    def seen(labels: dict[str, str]) -> tuple[str, ...]:
        looked = {**labels, "alertname": labels["alertname"] * (labels["alertname"] in named)}
        return tuple(looked.get(name, "") for name in sorted({*asked, "alertname"}))

    return list({seen(labels): labels for labels in alerts()}.values())


@pytest.mark.parametrize("of", quick([each_way, alerts], first=1))
def test_every_alert_reaches_the_receiver_of_its_severity_and_priority(
    of: Callable[[], list[dict[str, str]]], amtool: AmTool
) -> None:
    def route(labels: dict[str, str]) -> tuple[str, str]:
        pairs = [f"{key}={value}" for key, value in labels.items()]
        done = subprocess.run(
            [*amtool([CONFIG.parent]), "config", "routes", "test", f"--config.file={CONFIG}",
             *pairs],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return labels["alertname"], done.stdout.strip()

    listed = of()
    with ThreadPoolExecutor(4) as pool:
        got = dict(pool.map(route, listed))
    assert got == {labels["alertname"]: wanted(labels) for labels in listed}
    assert set(got.values()) >= {"heartbeat", "page-L1", "board", "ticket-urgent", "ticket-normal"}


def test_only_tickets_of_low_priority_wait_for_business_hours() -> None:
    routes = routes_of(from_yaml(CONFIG.read_text())["route"])
    waiting = [route for route in routes if "active_time_intervals" in route]
    assert [route["receiver"] for route in waiting] == ["page-L2", "ticket-normal"]
    assert waiting[-1]["matchers"] == ['severity="warning"', 'priority=~"P3|P4"']


def test_inhibition_speaks_only_of_alerts_that_exist_and_never_of_the_alert_itself() -> None:
    names = {labels["alertname"] for labels in alerts()}
    for rule in from_yaml(CONFIG.read_text())["inhibit_rules"]:
        for side in ("source_matchers", "target_matchers"):
            for matcher in rule[side]:
                if matcher.startswith("alertname"):
                    assert set(matcher.split('"')[1].split("|")) <= names, matcher
        source, target = rule["source_matchers"][0], rule["target_matchers"][0]
        if "=~" in target or '="' in target.replace("!~", "~"):
            inhibited = set(target.split('"')[1].split("|"))
            if "!~" in target:
                inhibited = names - inhibited
            assert not inhibited & set(source.split('"')[1].split("|")), rule


@pytest.mark.parametrize("services", [("calendar-assistant",), ("order-queue", "payments")])
def test_every_inhibition_is_within_one_service_and_asks_for_it_on_both_sides(
    services: tuple[str, ...],
) -> None:
    own = [replace(each, service=service) for each in load_objectives()[:2] for service in services]
    text = alertmanager_config(read_receivers("who.yaml", SHIPPED), own, "calendar", RuleSet(), OWN)
    asked = f'service="{services[0]}"' if len(services) == 1 else f'service=~"{"|".join(services)}"'
    rules = from_yaml(text)["inhibit_rules"]
    assert rules
    for rule in rules:
        assert "service" in rule["equal"]
        assert asked in rule["source_matchers"]
        assert asked in rule["target_matchers"]
    assert from_yaml(text)["route"]["routes"][0]["matchers"] == [asked]


def test_an_alert_of_another_team_goes_where_ours_do_not(amtool: AmTool) -> None:
    for labels in (["severity=critical"], ["severity=critical", "service=order-queue"]):
        done = subprocess.run(
            [*amtool([CONFIG.parent]), "config", "routes", "test", f"--config.file={CONFIG}",
             "alertname=ServiceDown", *labels],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == "unrouted"


def test_who_is_told_of_other_teams_alerts_is_the_board_unless_said() -> None:
    def urls(text: str) -> list[str]:
        (found,) = [r for r in read_receivers("who.yaml", text).values if r["name"] == "unrouted"]
        return [each["url"] for each in found["webhook_configs"]]

    hook = {"kind": "webhook", "url": "http://platform.example/"}
    without = broken(lambda value: value.pop("unrouted"))
    assert urls(without) == ["http://board.calendar.example/alerts"]
    assert urls(broken(lambda value: value.update(unrouted=[hook]))) == [hook["url"]]


def broken(change: Callable[[dict[str, Any]], None]) -> str:
    value = from_yaml(SHIPPED)
    change(value)
    return yaml.safe_dump(value)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (lambda v: v["levels"].pop("L2"), "levels.L2", "add `L2:`"),
        (lambda v: v["levels"].update(L6=[]), "levels.L6", "L1, L2"),
        (lambda v: v.update(board=[]), "board", "at least one"),
        (lambda v: v["board"][0].update(kind="webhok"), "board[0].kind", "'webhook'"),
        (lambda v: v["board"][0].pop("url"), "board[0].url", "add `url:`"),
        (lambda v: v["levels"]["L1"][0].update(routing_key="secret"),
         "levels.L1[0].routing_key", "routing_key_file"),
        (lambda v: v["board"][0].update(url="board:80/x"), "board[0].url", "https://"),
        (lambda v: v["levels"]["L4"][0].update(smarthost="smtp"), "levels.L4[0].smarthost", ":587"),
        (lambda v: v["levels"]["L4"][0].update(to="nobody"), "levels.L4[0].to", "@"),
        (lambda v: v["business_hours"].update(time_zone="Europe/Zurch"),
         "business_hours.time_zone", "Europe/Zurich"),
        (lambda v: v["business_hours"].update({"from": "9 am"}), "business_hours.from", "09:00"),
        (lambda v: v["business_hours"].update({"from": "18:00"}), "business_hours.to", "the day"),
        (lambda v: v["business_hours"].update(days="mon-fri"), "business_hours.days", "friday"),
        (lambda v: v["business_hours"].update(days="friday:sunday"),
         "business_hours.days", "on Sunday"),
    ],
)  # fmt: skip
def test_a_wrong_receivers_file_is_answered_with_field_and_fix(
    change: Callable[[dict[str, Any]], None], field: str, says: str
) -> None:
    with pytest.raises(FieldError) as caught:
        read_receivers("who.yaml", broken(change))
    assert caught.value.field == field
    assert says in caught.value.hint


def test_amtool_accepts_every_kind_of_receiver_with_and_without_what_it_may_have(
    tmp_path: Path, amtool: AmTool
) -> None:
    def change(value: dict[str, Any]) -> None:
        value["business_hours"] = {
            "days": "sunday:thursday", "from": "08:30", "to": "24:00", "time_zone": "Asia/Dubai",
        }  # fmt: skip
        value["board"][0]["credentials_file"] = "/run/secrets/board"
        for key in ("username", "password_file"):
            del value["levels"]["L4"][0][key]

    receivers = read_receivers("who.yaml", broken(change))
    (tmp_path / "templates").mkdir()
    path = tmp_path / "alertmanager.yml"
    path.write_text(alertmanager_config(receivers, load_objectives(), "calendar", RuleSet(), OWN))
    (tmp_path / "templates/calendar.tmpl").write_text(
        load_template().replace("%PREFIX%", "calendar")
    )
    done = subprocess.run(
        [*amtool([tmp_path]), "check-config", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
