"""Whatever an event is made of, what is looked at is counted, so that nobody waits for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from service.drafts import new_event
from service.planning.errors import PlanError
from service.planning.event import Event
from service.planning.series import last_end, occurrence_at, occurrences
from service.planning.work import Steps
from tests.properties.service.test_expand import rules
from tests.support.dense import FREEZING, NEVER_OR_SELDOM
from tests.support.effort import calls_of
from tests.support.sampling import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLENTY = 10**9


def accepted(**fields: Any) -> Event | None:
    """Return an event that the service keeps, None for one that it refuses."""
    try:
        return new_event("ann", {"title": "x", "start": START.isoformat(), **fields}, now=NOW)
    except PlanError:
        return None


RULES = rules() | st.sampled_from([*FREEZING, *NEVER_OR_SELDOM])


@examples(25)
@given(
    RULES,
    st.lists(RULES, max_size=2),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 60_000),
)
def test_every_call_beside_a_series_is_paid_for_in_steps(
    text: str, others: list[str], added: int, left_out: int, days: int
) -> None:
    hours = [(START + timedelta(hours=7 * n)).isoformat() for n in range(max(added, left_out))]
    event = accepted(recurrence=text, rdates=hours[:added], exdates=hours[:left_out])
    assume(event is not None)
    assert event is not None
    kept = [rule for rule in others if accepted(recurrence=rule)]
    event = replace(event, exrules=tuple(kept[:1]), more_rules=tuple(kept[1:]))
    begin = START + timedelta(days=days)
    count = Steps(PLENTY, AssertionError)

    def ask() -> None:
        list(islice(occurrences(event, begin, begin + timedelta(days=40), count), 50))
        occurrence_at(event, begin, count)
        last_end(event, count)

    calls = calls_of(ask)
    assert calls < 2000 + 25 * (PLENTY - count.left)


@examples(25)
@given(RULES, st.integers(0, 60_000))
def test_a_window_anywhere_is_no_more_work_than_the_service_allows_or_refused(
    text: str, days: int
) -> None:
    event = accepted(recurrence=text)
    if event is None:
        return
    begin = START + timedelta(days=days)
    try:
        list(islice(occurrences(event, begin, begin + timedelta(days=1)), 1))
    except PlanError as err:
        assert err.code == "window_too_large"  # noqa: PT017 - either is right
