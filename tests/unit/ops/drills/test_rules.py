"""A drill runs the shipped rules and routes but for the waiting."""

from pathlib import Path

import pytest

from alerts.edge.shipped import HOME
from kit.pure.errors import BadInputError
from ops.drills.rules import hurried, routes_of, routes_to, rule_texts, shipped_wait_s
from tests.support.yaml_text import from_yaml


def test_what_rules_ask_and_send_stays_as_it_is() -> None:
    text = rule_texts(())["calendar.yaml"]
    before, after = from_yaml(text), from_yaml(hurried(text))
    for old, new in zip(before["groups"], after["groups"], strict=True):
        assert new["interval"] == "1s"
        for rule, quick in zip(old["rules"], new["rules"], strict=True):
            waits = {"for", "keep_firing_for"}
            assert rule.keys() == quick.keys()
            assert {k: v for k, v in rule.items() if k not in waits} == {
                k: v for k, v in quick.items() if k not in waits
            }


def test_only_the_alerts_that_a_stack_is_about_wait_less_than_they_do() -> None:
    text = rule_texts(())["calendar.yaml"]
    made = from_yaml(hurried(text, only={"DependencyDown"}))
    waits = {r["alert"]: r for g in made["groups"] for r in g["rules"] if "alert" in r}
    assert waits["DependencyDown"]["for"] == "3s"
    assert waits["ServiceDown"]["for"] == "1m"  # a release that takes its place is no outage
    assert waits["ServiceDown"]["keep_firing_for"] == "3s"


def test_a_drill_has_the_rules_of_escalation_too() -> None:
    assert "alert: EscalatedToL2" in "".join(rule_texts(()).values())


def test_every_receiver_is_the_pager_and_every_route_stays() -> None:
    shipped = from_yaml((HOME / "generated/routing/alertmanager.yml").read_text())
    made = from_yaml(routes_to("http://127.0.0.1:1/"))
    assert [r["name"] for r in made["receivers"]] == [r["name"] for r in shipped["receivers"]]
    urls = {r["webhook_configs"][0]["url"] for r in made["receivers"]}
    assert urls == {"http://127.0.0.1:1/"}
    routes = [(r["receiver"], r.get("matchers")) for r in routes_of(shipped["route"])]
    assert [(r["receiver"], r.get("matchers")) for r in routes_of(made["route"])] == routes
    assert len(routes) > len(shipped["route"]["routes"]) + 1
    assert {r["group_interval"] for r in routes_of(made["route"])} == {"1s"}
    assert made["inhibit_rules"] == shipped["inhibit_rules"]


def test_the_waiting_that_a_drill_leaves_out_is_known() -> None:
    # A minute of `for` less three seconds, ten seconds of group_wait, twice 14 of scraping.
    assert shipped_wait_s(rule_texts(()), "ServiceDown", "page-L1") == 57 + 10 + 28
    # A warning waits for half a minute in its group.
    assert shipped_wait_s(rule_texts(()), "DependencyDown", "ticket-urgent") == 57 + 30 + 28


@pytest.mark.parametrize(
    "text",
    ["groups: [", "[]", "groups: 7", "a: b", "groups: [{name: x}]", "9" * 5000, "[" * 100_000],
    ids=lambda text: text[:20],
)
def test_a_file_without_rules_is_refused_before_anything_starts(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(BadInputError, match=r"mine\.yaml holds no rules"):
        rule_texts([path])


def test_rules_of_one_s_own_go_by_their_file_s_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text((HOME / "generated/calendar.yaml").read_text())
    assert set(rule_texts([path])) == {"mine.yaml"}
