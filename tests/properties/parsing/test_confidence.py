"""A decision given p is right about p of the time."""

from service.parsing.confidence import NOTHING_FOUND, probability
from synthetic.calibration import auroc, calibration_error
from tests.unit.parsing.reading import cases, read, time_is_right


def test_on_the_held_out_half_of_the_corpus_confidence_is_calibrated() -> None:
    pairs = []
    for case in cases():
        if case.held_out and case.kind not in ("negatives", "impossible", "intents"):
            decision = read(case.text)
            pairs.append((decision.confidence, time_is_right(case, decision)))
    assert len(pairs) > 600
    error = calibration_error(pairs)
    assert error is not None
    assert error <= 0.04


def test_on_the_held_out_half_of_the_corpus_confidence_knows_what_is_wrong() -> None:
    pairs = []
    for case in cases():
        if case.held_out and case.kind not in ("negatives", "impossible", "intents"):
            decision = read(case.text)
            pairs.append((decision.confidence, time_is_right(case, decision)))
    area = auroc(pairs)
    assert area is not None
    assert area >= 0.85


def test_what_is_wrong_is_given_less_confidence_than_what_is_right() -> None:
    right: list[float] = []
    wrong: list[float] = []
    for case in cases():
        if case.kind not in ("negatives", "impossible", "intents"):
            decision = read(case.text)
            (right if time_is_right(case, decision) else wrong).append(decision.confidence)
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.1


def test_a_text_with_nothing_to_schedule_gets_a_low_confidence_and_says_so() -> None:
    decision = read("the quick brown fox")
    assert decision.confidence == NOTHING_FOUND
    assert decision.problems == ("no date or time found",)


def test_words_left_over_lower_the_confidence() -> None:
    assert probability(("unused_time_words",)) < probability(())
    assert read("stand-in from Friday at 3pm sleeps").confidence < read("Friday at 3pm").confidence


def test_every_part_has_a_confidence_between_nought_and_one() -> None:
    split = read("lunch with Ana at Blue Door on Friday at 1 every week").breakdown
    assert set(split) == {
        "start", "end", "recurrence", "title", "attendees", "location", "intent"
    }  # fmt: skip
    assert all(0 <= value <= 1 for value in split.values())


def test_a_bare_hour_is_less_sure_than_one_with_pm() -> None:
    assert read("Friday at 4").confidence < read("Friday at 4pm").confidence
