"""The grammar is data: every row is read at a glance, and what it gives as examples is true."""

import ast
from itertools import chain
from pathlib import Path

import pytest

from service.parsing import feasts
from service.parsing.engine import Item, Rule, Stage
from service.parsing.grammar import pipeline
from service.parsing.tokens import tokenise

GRAMMAR = Path(pipeline.__file__).parent
MOST_COLUMNS = 100
ROWS = {
    f"{stage.name}: {rule.name}": (stage, rule)
    for stage in pipeline.STAGES
    for rule in stage._table
}


class Watched(Stage):
    """A stage that keeps which of its rules were of use."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.name, stage._table)
        self.used: set[str] = set()

    def _best(self, items: list[Item], codes: str, at: int) -> tuple[Item | None, int]:
        made, end = super()._best(items, codes, at)
        if made is not None:
            self.used.add(made.rule)
        return made, end


WATCHED = tuple(Watched(stage) for stage in pipeline.STAGES)


def rules_at_work(text: str, stage_name: str) -> set[str]:
    """Return the names of the rules that one stage uses on the way through all of them."""
    items = feasts.mark(tokenise(text.lower()), text.lower())
    codes = pipeline.code_string(items)
    for stage in WATCHED:
        stage.used.clear()
        items, codes = stage.run(items, codes)
    return set().union(*(stage.used for stage in WATCHED if stage.name == stage_name))


@pytest.mark.parametrize(("stage", "rule"), ROWS.values(), ids=ROWS)
def test_every_row_reads_its_examples(stage: Stage, rule: Rule) -> None:
    assert rule.examples
    for example in rule.examples:
        assert rule.name in rules_at_work(example, stage.name), example


def test_a_row_with_an_example_that_it_does_not_read_is_found() -> None:
    assert "noon" not in rules_at_work("a quarter to nine", "clocks")


@pytest.mark.parametrize("path", sorted(GRAMMAR.rglob("*.py")), ids=lambda path: path.stem)
def test_a_table_is_readable(path: Path) -> None:
    text = path.read_text("utf-8")
    assert max(map(len, text.splitlines())) <= MOST_COLUMNS
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda)]


def test_every_builder_has_a_name_and_says_what_it_reads() -> None:
    for rule in chain.from_iterable(stage._table for stage in pipeline.STAGES):
        assert rule.build.__name__ != "<lambda>", rule.name
        assert rule.build.__doc__, rule.name
