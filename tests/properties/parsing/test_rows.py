"""The grammar is data: every row is read at a glance, and what it gives as examples is true."""

import ast
from pathlib import Path

import pytest

from service.parsing import holidays
from service.parsing.engine import Item, Rule, Stage, code_string
from service.parsing.grammar import pipeline
from service.parsing.grammar.languages import LANGUAGES
from service.parsing.language import Language
from service.parsing.tokens import tokenise

GRAMMAR = Path(pipeline.__file__).parent
MOST_COLUMNS = 100
ROWS = {
    f"{language.code} {stage.name}: {rule.name}": (language, stage, rule)
    for language in LANGUAGES
    for stage in language.stages
    for rule in stage.rules
}


class Watched(Stage):
    """A stage that keeps which of its rules were of use."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.name, stage.rules)
        self.used: set[str] = set()

    def _best(self, items: list[Item], codes: str, at: int) -> tuple[Item | None, int]:
        made, end = super()._best(items, codes, at)
        if made is not None:
            self.used.add(made.rule)
        return made, end


WATCHED = {
    language.code: tuple(Watched(stage) for stage in language.stages) for language in LANGUAGES
}


def rules_at_work(text: str, language: Language, stage_name: str) -> set[str]:
    """Return the names of the rules that one stage uses on the way through all of them."""
    lower = text.lower()
    items = holidays.mark(tokenise(lower, language), lower)
    codes = code_string(items)
    stages = WATCHED[language.code]
    for stage in stages:
        stage.used.clear()
        items, codes = stage.run(items, codes)
    return set().union(*(stage.used for stage in stages if stage.name == stage_name))


@pytest.mark.parametrize(("language", "stage", "rule"), ROWS.values(), ids=ROWS)
def test_every_row_reads_its_examples(language: Language, stage: Stage, rule: Rule) -> None:
    assert rule.examples
    for example in rule.examples:
        assert rule.name in rules_at_work(example, language, stage.name), example


def test_a_row_with_an_example_that_it_does_not_read_is_found() -> None:
    assert "noon" not in rules_at_work("a quarter to nine", LANGUAGES[0], "clocks")


@pytest.mark.parametrize("path", sorted(GRAMMAR.rglob("*.py")), ids=lambda path: path.stem)
def test_a_table_is_readable(path: Path) -> None:
    text = path.read_text("utf-8")
    assert max(map(len, text.splitlines())) <= MOST_COLUMNS
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda)]


def test_every_builder_has_a_name_and_says_what_it_reads() -> None:
    for _, _, rule in ROWS.values():
        assert rule.build.__name__ != "<lambda>", rule.name
        assert rule.build.__doc__, rule.name
