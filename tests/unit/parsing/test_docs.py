"""What docs/parsing.md shows is what happens, and its way of adding an expression works."""

import doctest
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.parsing.engine import Rule, Stage
from service.parsing.grammar import languages, pipeline
from service.parsing.grammar.english import nested
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.values import Inside
from tests.unit.parsing.reading import CORPUS, start

TEXT = (Path(__file__).parents[3] / "docs" / "parsing.md").read_text(encoding="utf-8")


def test_the_examples_of_the_page_are_true() -> None:
    shown = "\n".join(block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(shown, {}, "parsing.md", None, 0)
    assert len(examples.examples) > 5
    assert doctest.DocTestRunner(verbose=False).run(examples).failed == 0


def test_the_row_the_page_tells_to_add_reads_the_new_expression(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ((builder, row),) = re.findall(
        r"```python\n(def tuesday_of.*?)```.*?```python\n(Rule\(.*?\))\n```", TEXT, re.DOTALL
    )
    text = "the Tuesday of Easter week"
    assert start(text) != "2026-03-31"
    names = {"Rule": Rule, "Inside": Inside, "Any": Any}
    exec(builder, names)  # noqa: S102  # the page is ours
    rule = eval(row, names)  # noqa: S307
    richer = Stage(nested.NESTED.name, (*nested.NESTED.rules, rule))
    stages = (richer if stage is nested.NESTED else stage for stage in ENGLISH.stages)
    english = replace(ENGLISH, stages=tuple(stages))
    monkeypatch.setattr(languages, "LANGUAGES", (english, *languages.LANGUAGES[1:]))
    assert start(text) == "2026-03-31"


def test_the_page_says_about_how_large_the_corpus_is() -> None:
    size = sum(len(path.read_text("utf-8").splitlines()) for path in CORPUS.glob("*.jsonl"))
    (stated,) = re.findall(r"holds more than ([\d,]+) phrasings", TEXT)
    assert int(stated.replace(",", "")) < size < int(stated.replace(",", "")) + 1000


def test_every_stage_of_the_page_is_there() -> None:
    package = Path(pipeline.__file__).parents[1]
    for cell in re.findall(r"^\| \d \| \w[\w ]* \| (.*?) \|", TEXT, re.MULTILINE):
        for name in re.findall(r"`([\w/.]+)`", cell):
            assert (package / name).exists(), name
