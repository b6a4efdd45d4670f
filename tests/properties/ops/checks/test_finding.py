import json
from datetime import UTC, datetime

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.exits import Exit
from ops.checks.finding import (
    DETAIL,
    WORST_FIRST,
    Checked,
    Finding,
    State,
    away,
    in_order,
    info,
    no_data,
    to_json,
    worst,
)
from sre.check_screen import exit_of, headline
from tests.support.json_schemas import schema_file

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SCHEMA = json.loads(schema_file("check").read_text())
STATES = st.lists(st.sampled_from(State), max_size=8)
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["a", "b", f"{DETAIL}c", f"{DETAIL}d"]),
        st.sampled_from(State),
        st.text(max_size=5),
        since=st.none() | st.just(AT),
        measured=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        unreachable=st.booleans(),
    ),
    max_size=8,
)


def of(*findings: Finding, parts: tuple[Checked, ...] = ()) -> Checked:
    return Checked("thing", AT, 0.1, findings, parts)


@given(STATES, st.randoms())
def test_the_verdict_does_not_depend_on_the_order(states: list[State], random: object) -> None:
    shuffled = sorted(states, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert worst(states) is worst(shuffled)


@given(STATES, STATES)
def test_more_findings_never_make_what_is_judged_better(
    states: list[State], more: list[State]
) -> None:
    judged = [state for state in states if state is not State.INFO]
    if judged:
        assert WORST_FIRST.index(worst(states + more)) <= WORST_FIRST.index(worst(states))


@given(st.lists(st.just(State.INFO)))
def test_nothing_judged_is_no_pass(states: list[State]) -> None:
    assert worst(states) is State.NO_DATA


@given(STATES)
def test_only_a_pass_and_nothing_worse_passes(states: list[State]) -> None:
    assert (worst(states) is State.PASS) == (set(states) - {State.INFO} == {State.PASS})


@given(FINDINGS)
def test_ordering_loses_nothing_and_leaves_details_behind_what_they_detail(
    findings: list[Finding],
) -> None:
    ordered = in_order(findings)
    assert sorted(map(id, ordered)) == sorted(map(id, findings))
    for place, one in enumerate(findings):
        if one.subject.startswith(DETAIL) and place:
            before = next(i for i, each in enumerate(ordered) if each is findings[place - 1])
            assert ordered[before + 1] is one


@given(FINDINGS, FINDINGS)
def test_every_check_is_a_document_of_its_schema(one: list[Finding], two: list[Finding]) -> None:
    checked = of(*one, parts=(of(*two),))
    document = to_json(checked) | {"exit_code": int(exit_of(checked))}
    jsonschema.validate(json.loads(json.dumps(document)), SCHEMA)


@given(FINDINGS)
def test_a_check_says_a_verdict_in_its_first_line(findings: list[Finding]) -> None:
    checked = of(*findings)
    assert headline(checked).plain.startswith(f"{checked.state}  thing: ")


def test_each_verdict_has_its_exit_code() -> None:
    good, bad = Finding("a", State.PASS, ""), Finding("a", State.FAIL, "")
    gone = away("b", "connection refused", "")
    assert exit_of(of(good)) is Exit.HOLDS
    assert exit_of(of(good, bad)) is Exit.BAD
    assert exit_of(of(good, Finding("a", State.WARN, ""))) is Exit.BAD
    assert exit_of(of(good, gone)) is Exit.UNREACHABLE
    assert exit_of(of(bad, gone)) is Exit.BAD
    assert exit_of(of(good, no_data("c", "why"))) is Exit.NOT_ENOUGH_DATA
    assert exit_of(of(info("c", "shown"))) is Exit.NOT_ENOUGH_DATA
    assert exit_of(of()) is Exit.NOT_ENOUGH_DATA
    assert exit_of(of(parts=(of(good), of(gone)))) is Exit.UNREACHABLE
