# ruff: noqa: E501  # a table row is a row
"""Several events in one sentence are all given, and nothing else is cut."""

import pytest

from tests.unit.parsing.reading import read, shown


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Piano tuner Thursday 4pm and recital Sunday 7pm",
         [("Piano tuner", "2026-03-12T16:00"), ("recital", "2026-03-15T19:00")]),
        ("Schedule for tomorrow: 8:45 rounds, 10:30 clinic, 13:15 seminar",
         [("rounds", "2026-03-12T08:45"), ("clinic", "2026-03-12T10:30"), ("seminar", "2026-03-12T13:15")]),
        ("Train there Saturday 6:50, train home Monday 21:15",
         [("Train there", "2026-03-14T06:50"), ("train home", "2026-03-16T21:15")]),
        ("Chess at 6pm on Monday, then supper with Eve at 8pm",
         [("Chess", "2026-03-16T18:00"), ("supper", "2026-03-16T20:00")]),
        ("Optician Friday 9am; haircut 11am; tea with Ann and Bob 4pm",
         [("Optician", "2026-03-13T09:00"), ("haircut", "2026-03-13T11:00"), ("tea", "2026-03-13T16:00")]),
    ],
)  # fmt: skip
def test_each_event_has_its_own_title_and_time(text: str, wanted: list[tuple[str, str]]) -> None:
    decision = read(text)
    every = (decision, *decision.others)
    assert [(one.event.title, shown(one.event.start)) for one in every] == wanted
    assert decision.doubts[-1].code == "several_events"
    assert decision.problems
    for one in every:
        assert one.words in text
        assert all(text[e.start : e.end] == e.words for e in one.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "course on Monday at 1pm, ends at 4pm",
        "tasting at 3pm tomorrow and that goes on to 4:45",
        "Rehearsal Friday 2pm; it will be over by 5pm",
        "swim Monday at 7am and Thursday at 8am",
        "lunch with Ana Friday at noon, remind me at 11:00",
        "fair on Sat at 8pm, bring a cake",
        "see Al at 5pm or Bo at 6pm",
        "from Monday at 9am to Friday at 5pm inventory",
        "gym every day at 8am and 8pm",
        "not at 3pm but at 4pm tomorrow: review",
        "standup every Monday at 9:00",
    ],
)
def test_one_event_stays_one(text: str) -> None:
    assert read(text).others == ()
