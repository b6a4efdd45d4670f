"""Whether a text speaks of the past."""

import pytest

from service.parsing.tense import is_past


@pytest.mark.parametrize(
    "text",
    ["washed the car on sunday", "ran 5 miles on tuesday", "i walked to the lake on monday",
     "what did i do on monday", "log: met the landlord on friday", "had lunch on monday"],
)  # fmt: skip
def test_what_is_told_or_asked_of_the_past(text: str) -> None:
    assert is_past(text)


@pytest.mark.parametrize(
    "text",
    ["booked the dentist for friday", "need the car on monday", "speed dating on friday",
     "mixed doubles on sunday", "feed the cat on monday", "guided tour on sunday",
     "met gala on monday", "left handed club on friday", "red wine tasting on friday"],
)  # fmt: skip
def test_what_only_looks_like_it(text: str) -> None:
    assert not is_past(text)
