"""What people type into a calendar, put together from a seeded random source."""

import random
from typing import Final

TITLES: Final = (
    "lunch", "team meeting", "dentist", "yoga class", "budget review", "call", "dinner",
    "standup", "parent evening", "gym", "interview", "planning", "haircut", "demo", "coffee",
    "piano lesson", "one on one", "retrospective", "doctor's appointment", "movie night",
)  # fmt: skip
PEOPLE: Final = ("Anna", "Ben", "Chiara", "David", "Elif", "Farah", "Goran", "Hana", "Ivan", "Jo")
PLACES: Final = ("the office", "Cafe Luna", "room 4", "the library", "the park", "Station Hotel")
DAYS: Final = (
    "today", "tomorrow", "on Monday", "on Tuesday", "next Wednesday", "on Thursday", "this Friday",
    "on Saturday", "in 3 days", "on May 4", "next week", "every Monday", "every day",
)  # fmt: skip
TIMES: Final = (
    "at noon", "at 3pm", "at 10:30", "at 9 am", "from 2 to 3pm", "at 18:00", "at 7:15 pm",
    "for an hour at 4pm", "in the morning",
)  # fmt: skip


def sentence(source: random.Random) -> str:
    """Return one request in plain words."""
    words = [source.choice(TITLES)]
    if source.random() < 0.4:  # noqa: PLR2004 -- two in five sentences name somebody
        words.append(f"with {source.choice(PEOPLE)}")
    words += [source.choice(DAYS), source.choice(TIMES)]
    if source.random() < 0.2:  # noqa: PLR2004 -- one in five names a place
        words.append(f"at {source.choice(PLACES)}")
    return " ".join(words)
