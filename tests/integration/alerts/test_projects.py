"""Any project gets the families that its roles allow, and two projects share nothing."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from alerts.build import Files
from alerts.edge.behaviour import Watched, verify, watched_rules
from alerts.edge.behaviour_files import built
from alerts.edge.generated import generated
from alerts.edge.shipped import refuse_others
from alerts.render import HEADER, dump
from kit.pure.errors import RefusedError
from kit.pure.exits import Exit
from slo.edge.project_file import load_project
from sre.running import run
from tests.support.calendar_alerts import CALENDAR
from tests.support.calendar_alerts import generated as of_calendar
from tests.support.foreign_projects import orders, stock
from tests.support.shortest_cases import shortest
from tests.support.yaml_text import from_yaml

Make = Callable[[Path], Path]
CALENDARS = re.compile(r"calendar|mongodb|parsing|/events|healthz", re.IGNORECASE)


def files(make: Make, folder: Path) -> Files:
    return generated(load_project(make(folder)))


def rules_of(texts: Mapping[str, str]) -> list[dict[str, Any]]:
    paths = [path for path in texts if path.startswith("generated/") and path.endswith(".yaml")]
    values = [from_yaml(texts[path]) for path in paths if "kubernetes" not in path]
    return [rule for value in values for group in value["groups"] for rule in group["rules"]]


def alerts_of(texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for rule in rules_of(texts) if "alert" in rule}


def test_a_service_with_routes_gets_the_families_of_routes_by_its_own_label(tmp_path: Path) -> None:
    found = alerts_of(files(orders, tmp_path).texts)
    assert found.keys() >= {
        "ServiceDown", "TargetsMissing", "SeriesGone", "ManyRequestsFail", "ErrorRateHigh",
        "RouteFailing", "RouteSlow", "ManyRequestsSlow", "ResponseTimeHigh", "TrafficVanished",
        "DependencyDown", "CrashLooping", "CacheHitRateLow", "ResourceNearlyUsedUp",
        "ProbeFailing", "WatcherDown", "ProbesMissing",
        "AvailabilityBudgetBurnFast", "SpeedUnmeasured", "ObjectiveContradictory", "EscalatedToL2",
    }  # fmt: skip
    assert "unless on(handler) ALERTS" in found["RouteErrors"]["expr"]
    assert "{{ $labels.handler }}" in found["RouteErrors"]["annotations"]["summary"]


def test_a_role_that_is_not_bound_leaves_its_family_out_and_says_so(tmp_path: Path) -> None:
    made = files(stock, tmp_path)
    found = alerts_of(made.texts)
    assert "ManyRequestsFail" in found
    assert "ManyRequestsSlow" in found
    gone = {"RouteFailing", "RouteSlow", "CacheHitRateLow", "DependencyDown", "CrashLooping",
            "AccuracyUnknown", "ResourceNearlyUsedUp", "ResponseTimeHigh", "ProbeFailing",
            "ProbesMissing"}  # fmt: skip
    assert not gone & found.keys()
    assert [line.partition(" (")[0] for line in made.left_out] == [
        "one route failing", "early slowness", "one route slow", "dependency lost", "crash loop",
        "cache", "saturation", "accuracy", "journeys and their prober", "days off", "receivers",
    ]  # fmt: skip


@pytest.mark.parametrize("make", [orders, stock])
def test_nothing_that_is_built_for_another_service_is_the_calendar_s(
    make: Make, tmp_path: Path
) -> None:
    for path, text in files(make, tmp_path).texts.items():
        assert not CALENDARS.search(path), path
        assert not CALENDARS.search(text), (path, CALENDARS.search(text))
        assert not re.search(r"%[A-Z]+%", text), path


@pytest.mark.thorough
def test_sets_of_several_projects_have_no_file_group_series_or_alert_in_common(
    tmp_path: Path,
) -> None:
    one, two, ours = files(orders, tmp_path).texts, files(stock, tmp_path).texts, of_calendar()
    shared = {"generated/routing/alertmanager.yml", "generated/kubernetes/prometheusrule.yaml"}
    for some, others in ((one, two), (one, ours), (two, ours)):
        assert not {Path(p).name for p in some if p.endswith(".yaml") and p not in shared} & {
            Path(p).name for p in others if p.endswith(".yaml") and p not in shared
        }
        assert not identities(some) & identities(others)


def identities(texts: Mapping[str, str]) -> set[str]:
    return {
        json.dumps([rule.get("record") or rule["alert"], rule.get("labels")], sort_keys=True)
        for rule in rules_of(texts)
        if "record" in rule or rule["labels"].get("service")
    }


def test_no_rule_of_a_service_reads_what_another_records_or_fires(tmp_path: Path) -> None:
    for rule in rules_of(files(orders, tmp_path).texts):
        for read in re.findall(r"(\w*:\w+:\w+|ALERTS\w*)(\{[^}]*\})?", rule["expr"]):
            assert 'service="orders"' in read[1], (rule.get("alert") or rule["record"], read)
    for rule in rules_of(of_calendar()):
        assert "service:" not in rule["expr"]


def test_labels_of_the_project_and_of_an_objective_reach_rules_and_routes(tmp_path: Path) -> None:
    texts = files(orders, tmp_path).texts
    found = alerts_of(texts)
    assert found["ServiceDown"]["labels"].items() >= {"team": "payments", "tier": "1"}.items()
    burn = found["AvailabilityBudgetBurnFast"]["labels"]
    assert (burn["team"], burn["tier"], burn["service"]) == ("checkout", "1", "orders")
    routes = from_yaml(texts["generated/routing/alertmanager.yml"])["route"]
    assert {"team", "tier"} <= set(routes["group_by"])
    assert (
        "team"
        not in from_yaml(of_calendar()["generated/routing/alertmanager.yml"])["route"]["group_by"]
    )


def test_the_verb_names_what_is_left_out_and_writes_into_the_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = stock(tmp_path)
    assert run(["alerts", "build", "--project", str(project)]) == 0
    assert "note: left out: cache (no [metrics.cache] in sre.toml)" in capsys.readouterr().out
    assert (tmp_path / "stock/build/alerts/generated/stock.yaml").is_file()
    assert run(["alerts", "build", "--project", str(project), "--check", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["changed"] == []
    assert len(answer["left_out"]) == 11


def watched_of(make: Make, folder: Path) -> list[Watched]:
    assert run(["alerts", "build", "--project", str(make(folder))]) == 0
    found = watched_rules(*built(folder / make.__name__ / "build/alerts", {}))
    assert len(found) > 20
    return found


@pytest.mark.long
@pytest.mark.thorough
@pytest.mark.parametrize("make", [orders, stock])
def test_every_alert_of_another_service_does_what_its_shortest_cases_say(
    make: Make, tmp_path: Path, promtool: Callable[[Sequence[Path]], list[str]]
) -> None:
    assert promtool([])
    assert verify([shortest(each) for each in watched_of(make, tmp_path)]) == []


@pytest.mark.timeout(7200)
@pytest.mark.long
@pytest.mark.thorough
@pytest.mark.parametrize("make", [orders, stock])
def test_every_alert_of_another_service_does_what_its_tests_say(
    make: Make, tmp_path: Path, promtool: Callable[[Sequence[Path]], list[str]]
) -> None:
    assert promtool([])
    assert verify(watched_of(make, tmp_path)) == []


def test_the_calendar_leaves_no_family_out() -> None:
    assert generated(CALENDAR).left_out == ()


def in_one_checkout(folder: Path, builds: Mapping[str, str]) -> dict[str, str]:
    """Write two project files into one folder, each with a folder for what is built of it."""
    for make in (orders, stock):
        text = make(folder).read_text()
        name = make.__name__
        paths = f'[paths]\nobjectives = "{name}/slo"\nbuild = "{builds[name]}"\n'
        (folder / f"{name}.toml").write_text(text.replace("[metrics", f"{paths}[metrics", 1))
        (folder / name / "sre.toml").unlink()
    return {name: str(folder / f"{name}.toml") for name in builds}


@pytest.mark.thorough
def test_two_project_files_in_one_checkout_build_side_by_side_and_check_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = in_one_checkout(tmp_path, {"orders": "build/orders", "stock": "build/stock"})
    for part in ("alerts", "dashboards"):
        for path in both.values():
            assert run([part, "build", "--project", path]) == Exit.HOLDS
        for path in both.values():
            assert run([part, "build", "--project", path, "--check"]) == Exit.HOLDS
            capsys.readouterr()
            assert run([part, "check", "--project", path]) == Exit.HOLDS, capsys.readouterr().out


def test_a_build_never_removes_the_rules_of_another_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = in_one_checkout(tmp_path, {"orders": "build", "stock": "build"})
    assert run(["alerts", "build", "--project", both["orders"]]) == Exit.HOLDS
    before = {path: path.read_bytes() for path in (tmp_path / "build").rglob("*") if path.is_file()}
    capsys.readouterr()
    assert run(["alerts", "build", "--project", both["stock"]]) == Exit.REFUSED
    said = capsys.readouterr().err
    assert "holds the rules of orders" in said
    assert 'build = "build/stock"' in said
    assert {path: path.read_bytes() for path in before} == before
    assert run(["alerts", "build", "--project", both["orders"], "--check"]) == Exit.HOLDS


@pytest.mark.parametrize("name", ["orders", "no", "404"])
def test_a_service_that_changes_its_prefix_builds_anew_beside_its_own_old_rules(
    name: str, tmp_path: Path
) -> None:
    home, old = tmp_path / "build", "generated/old.yaml"
    alone = HEADER + dump({"a": {"service": name}})
    both = alone + dump({"b": {"service": "stock"}})
    (home / "generated").mkdir(parents=True)
    (home / old).write_text(both)
    refuse_others({"generated/new.yaml": both}, home, name)
    with pytest.raises(RefusedError, match=r"holds the rules of stock$"):
        refuse_others({"generated/new.yaml": alone}, home, name)


@pytest.mark.parametrize(
    ("failed", "shown"),
    [("5..", {"200", "500"}), ("broken", {"200", "broken"}), ("5xx", {"200", "5xx"}),
     ("(?i:.*(err|fail).*)", {"200", "err"}), ("server error", {"200", "server error"}),
     ("E[0-9]{3}", {"200", "E000"}), ("[Ff]ailed_.+", {"200", "Failed_."})],
)  # fmt: skip
def test_cases_say_a_failure_in_the_words_of_the_service(
    failed: str, shown: set[str], tmp_path: Path
) -> None:
    path = orders(tmp_path)
    said = f'status = "code"\nfailed = "{failed}"'
    path.write_text(path.read_text().replace('status = "code"', said))
    texts = generated(load_project(path)).texts
    test = json.loads(texts["generated/tests/ManyRequestsFail.json"])
    series = json.dumps([case["input_series"] for case in test["tests"]])
    assert set(re.findall(r'code=\\"([^"\\]+)', series)) == shown
