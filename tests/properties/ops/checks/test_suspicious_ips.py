from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.checks.finding import Finding, State
from ops.checks.suspicious_ips import (
    MANY_ROUTES,
    NO_PAGE,
    Refusals,
    judge,
    network_policy,
    nft_line,
    suspicious,
    to_block,
)

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OUTSIDE, OTHER, INSIDE = "203.0.114.7", "2a00:1450::5", "10.2.3.4"
FEWEST = 30


def refused(
    *,
    address: str = OUTSIDE,
    reason: str = "wrong",
    times: int = 1,
    routes: Sequence[str] = ("/a",),
) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for number in range(times):
        request = f"{address}-{reason}-{number}"
        event = "unmatched" if reason == NO_PAGE else "unauthorized"
        lines += [
            {"event": event, "reason": reason, "address": address, "request_id": request},
            {"event": "request", "request_id": request, "route": routes[number % len(routes)]},
        ]
        if event == "unmatched":
            del lines[-2]["reason"]
    return lines


def taken(*groups: list[dict[str, Any]]) -> Refusals:
    found = Refusals()
    for number, line in enumerate(one for group in groups for one in group):
        found.take(START + timedelta(seconds=number), line)
    return found


def judged(*groups: list[dict[str, Any]]) -> dict[str, Finding]:
    return {one.subject: one for one in judge(taken(*groups), FEWEST)}


def test_many_wrong_keys_are_suspicious_and_a_few_are_a_slip() -> None:
    assert judged(refused(times=FEWEST - 1))["addresses"].state is State.PASS
    found = judged(refused(times=FEWEST))
    assert found["addresses"].state is State.FAIL
    assert "tries keys: 30 wrong" in found[OUTSIDE].value
    assert found[OUTSIDE].since == START
    assert (
        found[OUTSIDE].do_next == f"nft insert rule inet filter input ip saddr {{ {OUTSIDE} }} drop"
    )


def test_going_from_route_to_route_without_a_key_is_a_search() -> None:
    routes = [f"/r{number}" for number in range(MANY_ROUTES)]
    found = judged(refused(reason="missing", times=MANY_ROUTES, routes=routes))
    assert "searches routes" in found[OUTSIDE].value
    less = judged(refused(reason="missing", times=MANY_ROUTES, routes=routes[1:]))
    assert less["addresses"].state is State.PASS


def test_asking_for_pages_that_are_none_is_a_search() -> None:
    found = judged(refused(reason=NO_PAGE, times=FEWEST, routes=["unmatched"]))
    assert "searches pages" in found[OUTSIDE].value


def test_an_address_inside_is_reported_but_never_blocked() -> None:
    found = taken(refused(address=INSIDE, times=FEWEST), refused(times=FEWEST))
    assert to_block(found, FEWEST) == [OUTSIDE]
    shown = {one.subject: one for one in judge(found, FEWEST)}
    assert "proxy" in shown[INSIDE].do_next
    assert judged(refused(address=INSIDE, times=FEWEST))["addresses"].state is State.WARN


def test_a_log_without_lines_says_nothing() -> None:
    assert judged()["addresses"].state is State.NO_DATA


def test_the_policy_lets_in_everybody_but_the_blocked() -> None:
    policy = network_policy([OUTSIDE, OTHER], app="calendar-assistant", port=8000)
    (rule,) = policy["spec"]["ingress"]
    four, six = (each["ipBlock"] for each in rule["from"])
    assert (four["cidr"], four["except"]) == ("0.0.0.0/0", [f"{OUTSIDE}/32"])
    assert (six["cidr"], six["except"]) == ("::/0", [f"{OTHER}/128"])
    assert policy["spec"]["podSelector"]["matchLabels"] == {"app": "calendar-assistant"}


def test_a_firewall_gets_a_rule_for_each_family() -> None:
    assert nft_line([OUTSIDE, OTHER]).count("nft insert rule") == 2
    assert nft_line(["unknown"]) == ""


ADDRESSES = st.ip_addresses().map(str) | st.just("unknown") | st.just("; rm -rf /")
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "event": st.sampled_from(["unauthorized", "unmatched", "request", "decision"]),
            "address": ADDRESSES,
            "reason": st.sampled_from(["wrong", "missing", "unknown"]),
            "request_id": st.sampled_from("abc"),
            "route": st.sampled_from(["/a", "/b"]),
        }
    ),
    max_size=30,
)


@given(LINES)
def test_every_refusal_is_counted_once(lines: list[dict[str, Any]]) -> None:
    found = taken(lines)
    wanted = sum(line["event"] in {"unauthorized", "unmatched"} for line in lines)
    assert sum(one.total for one in found.addresses()) == wanted
    assert all(one.first <= one.last for one in found.addresses())


@given(LINES, st.integers(1, 5))
def test_no_text_but_an_address_gets_into_a_rule(lines: list[dict[str, Any]], fewest: int) -> None:
    found = taken(lines)
    assert not {"unknown", "; rm -rf /"} & set(to_block(found, fewest))
    for one in judge(found, fewest):
        assert "rm -rf" not in one.do_next


@given(LINES, st.integers(1, 30))
def test_a_higher_bar_never_finds_more(lines: list[dict[str, Any]], fewest: int) -> None:
    everybody = taken(lines).addresses()
    low = {one.address for one in everybody if suspicious(one, fewest)}
    high = {one.address for one in everybody if suspicious(one, fewest + 1)}
    assert high <= low


@pytest.mark.parametrize("line", [{}, {"event": None}, {"event": "unauthorized"}])
def test_a_line_that_lacks_fields_breaks_nothing(line: dict[str, Any]) -> None:
    judge(taken([line]), 1)
