"""Every field of an answer can be traced to its words, its rule and its stage."""

import pytest

from service.parsing.provenance import made_by
from tests.unit.parsing.reading import cases, read


def test_each_field_names_the_words_it_came_from() -> None:
    text = "Lunch with Ana at Blue Door next Friday at 1 for 2 hours"
    words = {field: [one.words for one in ones] for field, ones in made_by(read(text)).items()}
    assert words == {
        "start": ["next Friday", "at 1"], "end": ["next Friday", "2 hours"],
        "all_day": ["next Friday", "at 1"], "recurrence": [], "timezone": [],
        "title": ["Lunch"], "attendees": ["Ana"], "location": ["Blue Door"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "part", "stage", "rule"),
    [
        ("2026-04-03T10:00 call", "moment", "tokens", "iso-datetime"),
        ("call on friday", "date", "expressions", "weekday"),
        ("1730", "hhmm", "composition", "hhmm"),
        ("call at 5pm PST", "zone", "expressions", "zone-time"),
        ("runs nightly", "repeat", "expressions", "nights"),
        ('add "Pay the rent" on friday', "title", "roles", "quoted"),
        ("an event called Rent day on friday", "title", "roles", "called"),
        ("standup, 9:30, Room 301", "location", "roles", "standing"),
        ("review on friday https://meet.example/x", "location", "roles", "link"),
    ],
)
def test_each_value_names_its_stage_and_its_rule(
    text: str, part: str, stage: str, rule: str
) -> None:
    (found,) = (one for one in read(text).evidence if one.part == part)
    assert (found.stage, found.rule) == (stage, rule)


def test_the_words_of_all_evidence_are_where_it_says() -> None:
    for case in cases():
        for one in read(case.text).evidence:
            assert case.text[one.start : one.end] == one.words or "\u2019" in case.text
            assert one.rule
            assert one.stage


@pytest.mark.thorough
def test_what_is_found_has_evidence() -> None:
    for case in cases():
        decision = read(case.text)
        made = made_by(decision)
        assert bool(made["start"]) or decision.event.start is None, case.text
        assert bool(made["recurrence"]) == (decision.event.recurrence is not None), case.text
        assert len(made["attendees"]) == len(decision.event.attendees)
