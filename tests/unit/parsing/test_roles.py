"""Stage 6: who, where and what."""

import pytest

from service.parsing.roles import attendees, intent, location, title
from tests.unit.parsing.reading import read


@pytest.mark.parametrize(
    ("left", "names"),
    [
        ("lunch with Ana and Bob's manager | at Cafe Roma", ("Ana", "Bob's manager")),
        ("call with Dr. Hassan about the budget", ("Dr. Hassan",)),
        ("meeting with ana, bob and me", ("ana", "bob")),
        ("meeting with my boss |", ("boss",)),
        ("Invite Tom & Jerry to the kickoff", ("Tom", "Jerry")),
        ("Are Kim and Lee free |", ("Kim", "Lee")),
        ("coffee w/ Priya", ("Priya",)),
        ("party with Max and his team", ("Max",)),
    ],
)
def test_the_people(left: str, names: tuple[str, ...]) -> None:
    found = attendees.find(left)
    assert found is not None
    assert found.names == names


@pytest.mark.parametrize(
    "left", ["sync with the finance team", "lunch", "deal with it", "cake with cream, please"]
)
def test_nobody(left: str) -> None:
    found = attendees.find(left)
    assert found is None or "team" not in " ".join(found.names)


@pytest.mark.parametrize(
    ("left", "place"),
    [
        ("dinner at Blue Door |", "Blue Door"),
        ("review in room 4", "room 4"),
        ("call on Zoom", "Zoom"),
        ("show | at 12 Main Street, Springfield", "12 Main Street Springfield"),
        ("picnic in Hyde Park", "Hyde Park"),
        ("a meeting in a room in Leeds", "Leeds"),
        ("It will be at the old mill", "the old mill"),
        ("trip to the Lake District", "the Lake District"),
    ],
)
def test_the_place(left: str, place: str) -> None:
    found = location.find(left)
    assert found is not None
    assert found.name == place


@pytest.mark.parametrize(
    "left", ["put it in my calendar", "at least twice", "in case of rain", "come in person"]
)
def test_no_place(left: str) -> None:
    assert location.find(left) is None


@pytest.mark.parametrize(
    ("left", "wanted"),
    [
        ("Can you set up a budget review | on my calendar", "budget review"),
        ("Remind me to take out the bins |", "take out the bins"),
        ("Please schedule an appointment for a haircut |", "haircut"),
        ("block off | for deep work", "deep work"),
        ("I need to renew my passport |", "renew my passport"),
        ("book a book club", "book club"),
        ("| movie night", "movie night"),
        ("Create an event called Launch Day |", "Launch Day"),
        ("what time is the concert |", "concert"),
        ("There's a fire drill |", "fire drill"),
        ("set up a meeting |", "meeting"),
        ("add dinner | and invite the neighbours", "dinner"),
    ],
)
def test_the_title(left: str, wanted: str) -> None:
    assert (title.explicit(left) or title.find(left)) == wanted


def test_what_stands_in_quotes_is_the_title_and_no_time() -> None:
    event = read('Put "Lunch on Friday at noon" on my calendar for Monday').event
    assert event.title == "Lunch on Friday at noon"
    assert str(event.start) == "2026-03-16"


def test_a_link_is_the_place_where_no_other_is_named() -> None:
    assert read("sync https://meet.example.com/x tomorrow at 9").event.location == (
        "https://meet.example.com/x"
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lunch tomorrow", "create"),
        ("can you add lunch tomorrow", "create"),
        ("what's on tomorrow?", "query"),
        ("am I free on friday", "query"),
        ("please cancel lunch tomorrow", "cancel"),
        ("could you move lunch to friday", "move"),
    ],
)
def test_the_intent(text: str, wanted: str) -> None:
    assert intent.find(text) == wanted


def test_a_text_with_nothing_in_it_has_no_intent() -> None:
    assert read("...").intent == "none"
