"""The rule engine: longest match, refusal, one pass, patterns that begin in many ways."""

import pytest

from service.parsing.engine import CODE, Item, Rule, Stage, code_string
from service.parsing.prefixes import beginnings


def items(*classes: str) -> list[Item]:
    return [Item(cls, n, n + 1, n) for n, cls in enumerate(classes)]


def run(stage: Stage, *classes: str) -> list[tuple[str, object]]:
    row = items(*classes)
    return [(item.cls, item.value) for item in stage.run(row, code_string(row))[0]]


def test_the_longest_match_wins() -> None:
    stage = Stage(
        "s",
        [
            Rule("one", "NUM", "DATE", lambda n: n),
            Rule("two", "NUM UNIT", "LENGTH", lambda n, u: (n, u)),
        ],
    )
    assert run(stage, "WORD", "NUM", "UNIT") == [("WORD", 0), ("LENGTH", (1, 2))]


def test_a_builder_that_refuses_leaves_the_place_to_the_next_longest() -> None:
    stage = Stage(
        "s",
        [
            Rule("one", "NUM", "DATE", lambda n: n),
            Rule("two", "NUM UNIT", "LENGTH", lambda *_: None),
        ],
    )
    assert run(stage, "NUM", "UNIT") == [("DATE", 0), ("UNIT", 1)]


def test_only_capital_classes_hand_over_values() -> None:
    stage = Stage("s", [Rule("r", "the? ORD of MONTH", "DATE", lambda o, m: (o, m))])
    assert run(stage, "the", "ORD", "of", "MONTH") == [("DATE", (1, 3))]


def test_a_rule_may_ask_for_the_items_themselves() -> None:
    stage = Stage("s", [Rule("r", "NUM UNIT", "LENGTH*", lambda found: [i.cls for i in found])])
    assert run(stage, "NUM", "UNIT") == [("LENGTH", ["NUM", "UNIT"])]


def test_a_new_item_spans_its_words_and_names_its_rule() -> None:
    stage = Stage("s", [Rule("r", "NUM UNIT", "LENGTH", lambda n, u: (n, u))])
    row = items("WORD", "NUM", "UNIT")
    made = stage.run(row, code_string(row))[0][1]
    assert (made.start, made.end, made.rule) == (1, 3, "r")


def test_repetition_is_bounded() -> None:
    stage = Stage("s", [Rule("r", "NUM+", "LENGTH", lambda *n: len(n))])
    assert [value for _, value in run(stage, *["NUM"] * 15)] == [7, 7, 1]


def test_look_behind_sees_the_item_before() -> None:
    stage = Stage("s", [Rule("r", "(?<!WORD) PART", "PERIOD", lambda p: p)])
    assert run(stage, "WORD", "PART") == [("WORD", 0), ("PART", 1)]
    assert run(stage, "on", "PART") == [("on", 0), ("PERIOD", 1)]


@pytest.mark.parametrize(
    ("tokens", "wanted"),
    [
        (["NUM"], {"n"}),
        (["the", "?", "NUM", "UNIT"], {"tnu", "nu"}),
        (["the", "*", "NUM"], {"ttt", "ttn", "tn", "n"}),
        (["(", "the", "|", "on", ")", "?", "NUM"], {"tn", "on", "n"}),
        (["NUM", "(?!", "UNIT", ")"], {"n"}),
        (["NUM", "|", "the", "UNIT"], {"n", "tu"}),
    ],
)
def test_the_beginnings_of_a_pattern(tokens: list[str], wanted: set[str]) -> None:
    assert beginnings(tokens, {"NUM": "n", "UNIT": "u", "the": "t", "on": "o"}) == wanted


def test_every_class_has_a_character_of_its_own() -> None:
    assert len(set(CODE.values())) == len(CODE)


def test_an_unknown_class_in_a_pattern_is_an_error() -> None:
    stage = Stage("s", [Rule("r", "NOSUCH", "DATE", lambda: 1)])
    with pytest.raises(KeyError, match="NOSUCH"):
        stage.run(items("NUM"), code_string(items("NUM")))
