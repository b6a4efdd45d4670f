from hypothesis import given
from hypothesis import strategies as st

from ops.checks.finding import WORST_FIRST, State
from ops.checks.limits import above, answering, below

NUMBERS = st.floats(0, 1e9, allow_nan=False)


def badness(state: State) -> int:
    return -WORST_FIRST.index(state)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_more_of_what_should_be_little_is_never_better(
    value: float, more: float, warn: float, fail: float
) -> None:
    less, most = sorted([value, more])
    first, second = (above("x", each, warn=warn, fail=fail).state for each in (less, most))
    assert badness(first) <= badness(second)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_both_directions_are_each_other_upside_down(value: float, warn: float, fail: float) -> None:
    up = above("x", value, warn=warn, fail=fail).state
    assert up is below("x", -value, warn=-warn, fail=-fail).state


@given(NUMBERS)
def test_the_limit_itself_still_holds(limit: float) -> None:
    assert above("x", limit, warn=limit, fail=limit).state is State.PASS
    assert below("x", limit, warn=limit, fail=limit).state is State.PASS


def test_the_limit_that_was_crossed_is_shown_and_what_to_do_only_then() -> None:
    bad = above("disk", 0.97, warn=0.8, fail=0.95, do_next="clean")
    assert (bad.state, bad.limit, bad.do_next) == (State.FAIL, "at most 95.0 %", "clean")
    worse = above("disk", 0.85, warn=0.8, fail=0.95, do_next="clean")
    assert (worse.state, worse.limit) == (State.WARN, "at most 80.0 %")
    good = above("disk", 0.5, warn=0.8, fail=0.95, do_next="clean")
    assert (good.limit, good.do_next) == ("at most 80.0 %", "")


def test_an_answer_slower_than_the_service_waits_is_as_none() -> None:
    assert answering(0.1, "host", 0.8, "look").state is State.PASS
    assert answering(0.5, "host", 0.8, "look").state is State.WARN
    assert answering(0.9, "host", 0.8, "look").state is State.FAIL
