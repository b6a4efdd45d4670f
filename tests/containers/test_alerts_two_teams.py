"""No alert of one team changes anything of another's, in one Prometheus and one Alertmanager.

The teams are the calendar's and one of an invented service; a third does not say who it is. Each
has an alert of every name that the other one's rules and routes know.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from testcontainers.core.network import Network

from alerts.behaviour.promtool import said_of_files
from alerts.edge.behaviour import watched_rules
from alerts.edge.bench import bench
from tests.containers.test_alerts_arrival import in_little_time
from tests.containers.test_alerts_routing import Labels, alerts, rounds, send, wanted
from tests.support.calendar_alerts import SERVICE, generated
from tests.support.container import Server
from tests.support.monitoring import alertmanager_spec, ask, prometheus_spec
from tests.support.sampling import quick
from tests.support.two_teams import (
    LOUD,
    OTHER,
    TEAMS,
    files_of,
    groups_of,
    loud_labels,
    loud_series,
    names_of,
    reads_of,
    rules_of,
)
from tests.support.waiting import wait_for
from tests.support.yaml_text import from_yaml

Test = dict[str, Any]
ROUTE = re.compile(r'route="([^"]+)"')


def other_than(team: str) -> str:
    return next(each for each in TEAMS if each != team)


def all_names(folder: Path) -> list[str]:
    """Return the name of every alert of either team."""
    both = [*names_of(rules_of(files_of(folder, OTHER))), *(each["alertname"] for each in alerts())]
    return sorted(set(both))


# --- In the rule engine -----------------------------------------------------------------------


def disturbed(case: Test, names: Sequence[str], by: str, expr: str) -> Test:
    """Return a case in which every alert of another team fires all the time as well.

    What is expected of the alert stays as it was; only the loud ones are not counted. Of the two
    series that Prometheus writes for an alert, those are given that the expression reads.
    """
    series = {each["series"]: each["values"] for each in case["input_series"]}
    asked = [
        {**each, "expr": each["expr"].replace("ALERTS{", f'ALERTS{{{LOUD}="",', 1)}
        for each in case["promql_expr_test"]
    ]
    minutes = max(int(each["eval_time"].removesuffix("m")) for each in asked) + 1
    routes = ROUTE.findall(" ".join(series)) or ["/events"]
    for route in dict.fromkeys(routes):
        loud = loud_series(names, by, minutes, route=route)
        series |= {key: values for key, values in loud.items() if key.partition("{")[0] in expr}
    given = [{"series": key, "values": values} for key, values in series.items()]
    return {**case, "input_series": given, "promql_expr_test": asked}


def telling(test: Test) -> list[Test]:
    """Return the shortest case in which the alert fires, and the shortest in which it does not."""

    def length(case: Test) -> int:
        return max(int(each["eval_time"].removesuffix("m")) for each in case["promql_expr_test"])

    def fires(case: Test) -> bool:
        got = [sample for each in case["promql_expr_test"] for sample in each["exp_samples"]]
        return any(sample["value"] for sample in got)

    cases = sorted(test["tests"], key=length)
    picked = [next((c for c in cases if fires(c) is wanted), None) for wanted in (True, False)]
    return [case for case in picked if case is not None]


@pytest.mark.parametrize("team", quick(TEAMS, first=1))
def test_every_rule_on_alerts_answers_the_same_while_every_alert_of_another_team_fires(
    team: str, tmp_path: Path, image_of_role: Callable[[str], str]
) -> None:
    assert image_of_role("prometheus")
    files, names = files_of(tmp_path, team), all_names(tmp_path / "names")
    groups = [group for each in groups_of(files).values() for group in each]
    tests = {
        Path(path).stem: json.loads(text)
        for path, text in files.items()
        if path.startswith("generated/tests/") and path.count("/") == 2
    }
    disturbing = []
    reading = [each for each in watched_rules(groups, tests) if "ALERTS" in each.rule["expr"]]
    for each in reading:
        expr = str(each.rule["expr"])
        cases = [
            disturbed(case, names, other_than(team), expr) for case in telling(dict(each.test))
        ]
        rules = {"groups": [{"name": "g", "rules": [*each.below, each.rule]}]}
        disturbing.append((rules, {**each.test, "tests": cases}))
    with bench() as used:
        paths, said = used.said(disturbing)
    assert len(paths) > len(TEAMS)
    assert said_of_files(said) == dict.fromkeys(paths, "SUCCESS"), said[:3000]


# --- In one Alertmanager ----------------------------------------------------------------------


def shared_routes(folder: Path) -> dict[str, Any]:
    """Return the routes and inhibitions of both teams in one file; receivers do nothing."""
    path = "generated/routing/alertmanager.yml"
    ours, theirs = from_yaml(generated()[path]), from_yaml(files_of(folder, OTHER)[path])
    ours["route"]["routes"] += theirs["route"]["routes"]
    ours["inhibit_rules"] += theirs["inhibit_rules"]
    ours["receivers"] = [{"name": each["name"]} for each in ours["receivers"]]
    return {key: value for key, value in ours.items() if key != "templates"}


def alerts_of(team: str | None) -> list[Labels]:
    """Return every alert of the catalogue as a team's, or as one's that says nothing of itself."""
    more = {"service": team} if team else {}
    left_out = {"service"} if team else {"service", "topic"}
    return [{k: v for k, v in each.items() if k not in left_out} | more for each in alerts()]


def seen(server: Server, team: str | None) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Return by name whether each alert of a team is inhibited, and which receivers it has."""
    return {
        each["labels"]["alertname"]: (
            bool(each["status"]["inhibitedBy"]),
            tuple(receiver["name"] for receiver in each["receivers"]),
        )
        for each in ask(server, "/api/v2/alerts")
        if each["labels"].get("service") == team
    }


def test_every_alert_of_another_team_fires_and_none_is_inhibited_nor_goes_elsewhere(
    tmp_path: Path, start_private: Callable[..., Server]
) -> None:
    server = start_private(alertmanager_spec(shared_routes(tmp_path)))
    for loud in TEAMS:
        send(server, [*alerts_of(None), *alerts_of(loud)], firing=True)
        wait_for(
            # What is sent last silences an alert of its own: so all before it has been seen.
            partial(_is_silenced, server, loud),
            what=f"the inhibitions of {loud} are at work",
            within_s=30,
            told=server.logs,
        )
        assert set(seen(server, None).values()) == {(False, ("unrouted",))}
        _unaffected(server, other_than(loud))
        send(server, alerts_of(loud), firing=False)


Seen = Mapping[str, tuple[bool, tuple[str, ...]]]


def _is_silenced(server: Server, team: str) -> bool:
    return seen(server, team).get("AccuracyBelowObjective", (False, ()))[0]


def _holds(server: Server, team: str, expected: Seen) -> bool:
    return seen(server, team).items() >= expected.items()


def _besides(server: Server, team: str, expected: Seen) -> str:
    return str(set(seen(server, team).items()) - set(expected.items()))


def _unaffected(server: Server, team: str) -> None:
    for batch in rounds(alerts_of(team)):
        send(server, batch, firing=True)
        expected = {each["alertname"]: (False, (wanted(each),)) for each in batch}
        wait_for(
            partial(_holds, server, team, expected),
            what=f"{sorted(expected)} of {team} are where they belong",
            within_s=20,
            told=partial(_besides, server, team, expected),
        )
        send(server, batch, firing=False)


# --- In both at once --------------------------------------------------------------------------


def _alert_rule(labels: Mapping[str, str]) -> dict[str, Any]:
    more = {key: value for key, value in labels.items() if key != "alertname"}
    return {"alert": labels["alertname"], "expr": "vector(1)", "labels": more}


def _loud_file(names: Sequence[str], team: str) -> str:
    rules = [_alert_rule(each) for each in loud_labels(names, team, route="/events")]
    return yaml.safe_dump({"groups": [{"name": "loud", "interval": "2s", "rules": rules}]})


UNSEEN = {
    SERVICE: ("TargetsMissing", "page-L1"),
    OTHER: ("QueueFreshnessUnmeasured", "ticket-normal"),
}
"""What fires, and where it arrives, when nothing at all is scraped."""


@pytest.mark.parametrize("team", quick(TEAMS, first=1))
def test_a_page_arrives_and_no_rule_sees_an_alert_of_another_team(
    team: str, tmp_path: Path, private_network: Network, start_private: Callable[..., Server]
) -> None:
    names = all_names(tmp_path / "names")
    files, reads = {"loud.yaml": _loud_file(names, other_than(team))}, set[str]()
    for each in TEAMS:
        made = files_of(tmp_path, each)
        parsed = {f"{each}-{name}": {"groups": groups} for name, groups in groups_of(made).items()}
        files |= in_little_time(parsed)
        reads |= reads_of(rules_of(made)) if each == team else set()
    routes = alertmanager_spec(shared_routes(tmp_path))
    alertmanager = start_private(routes, private_network)
    spec = prometheus_spec(files, alertmanagers=["alertmanager:9093"])
    eager = replace(spec, command=(*spec.command, "--rules.alert.resend-delay=3s"))
    prometheus = start_private(eager, private_network)
    name, receiver = UNSEEN[team]
    wait_for(
        lambda: seen(alertmanager, other_than(team)).keys() >= set(names),
        what=f"all alerts of {other_than(team)} arrive",
        within_s=120,
        told=prometheus.logs,
    )
    wait_for(
        lambda: seen(alertmanager, team).get(name) == (False, (receiver,)),
        what=f"{name} of {team} arrives",
        within_s=120,
        told=lambda: f"{seen(alertmanager, team)}\n{prometheus.logs()}",
    )
    loud = f'count(ALERTS{{{LOUD}="yes",alertstate="firing"}})'
    assert _answer(prometheus, loud) == [2.0 * len(names)]
    heard = [read for read in sorted(reads) if _answer(prometheus, f"count({read})")]
    assert heard == []
    assert _faults(prometheus) == []


def _faults(prometheus: Server) -> list[str]:
    """Return what is wrong with any rule, such as that another writes the same series."""
    groups = ask(prometheus, "/api/v1/rules")["data"]["groups"]
    return [
        f"{rule['name']}: {rule.get('lastError')}"
        for group in groups
        for rule in group["rules"]
        if rule["health"] == "err"
    ]


def _answer(prometheus: Server, query: str) -> list[float]:
    found = ask(prometheus, f"/api/v1/query?query={quote(query)}")["data"]["result"]
    return [float(each["value"][1]) for each in found]
