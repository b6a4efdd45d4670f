"""The gate itself: this parser against the blessed baseline, and what a broken rule does to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ops.in_process import InProcessParser
from service.parsing import Decision, parse
from service.parsing.engine import Stage
from service.parsing.grammar import languages
from service.parsing.grammar.english.language import ENGLISH
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED as SHIPPED_PROJECT
from slo.edge.project_file import load_project
from synthetic.edge.golden.files import SHIPPED
from synthetic.edge.golden.judged_answers import Ask
from synthetic.edge.golden.parser import Parser
from synthetic.edge.golden.runs import Gated, gated, read_baseline
from synthetic.golden.case import Case
from synthetic.golden.gate import GateVerdict, Policy
from synthetic.golden.run_value import Answer
from synthetic.golden.stages import Explain
from synthetic.golden.verdicts import Goal, goals
from tests.support.golden_cases import shipped_cases


def wanted() -> tuple[Goal, ...]:
    return goals(load_objectives(), load_project(SHIPPED_PROJECT).roles.accuracy)


@dataclass
class Remembering:
    """The parser, asked about each case once, and again where a sentence holds the word."""

    known: dict[str, Answer]
    again: str | None = None
    name: str = "in-process"
    workers: int = 1

    @contextmanager
    def asking(self) -> Iterator[Ask]:
        with InProcessParser().asking() as ask:

            def answer(case: Case) -> Answer:
                if case.id not in self.known or (self.again and self.again in case.text):
                    self.known[case.id] = ask(case)
                return self.known[case.id]

            yield answer

    @contextmanager
    def explaining(self) -> Iterator[Explain]:
        with InProcessParser().explaining() as explain:
            yield explain


@pytest.fixture(scope="module")
def known() -> dict[str, Answer]:
    """Return what the parser answers to each case, as far as it was asked; by case."""
    return {}


def run_gate(parser: Parser | None = None) -> Gated:
    return gated(
        shipped_cases(),
        parser or InProcessParser(),
        wanted(),
        baseline=read_baseline(SHIPPED),
        policy=Policy(),
    )


def without_rule(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Take one rule out of the grammar, as a careless change would."""
    kept = [[rule for rule in stage.rules if rule.name != name] for stage in ENGLISH.stages]
    assert sum(map(len, kept)) < sum(len(stage.rules) for stage in ENGLISH.stages), name
    stages = (Stage(stage.name, rules) for stage, rules in zip(ENGLISH.stages, kept, strict=True))
    english = replace(ENGLISH, stages=tuple(stages))
    monkeypatch.setattr(languages, "LANGUAGES", (english, *languages.LANGUAGES[1:]))


def test_the_parser_may_be_merged(known: dict[str, Answer]) -> None:
    done = run_gate(Remembering(known))
    assert done.gate.verdict is GateVerdict.PASS, "\n".join(done.gate.reasons)


@pytest.mark.thorough
def test_a_second_run_says_the_same_but_for_times() -> None:
    one, two = run_gate().record, run_gate().record
    for record in (one, two):
        for name in ("id", "started_at", "wall_s", "latency_ms", "commit"):
            record.pop(name)
    assert one == two


@pytest.mark.thorough
def test_a_rule_broken_on_purpose_fails_the_gate_and_names_the_slice(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, Answer]
) -> None:
    if not known:
        run_gate(Remembering(known))
    without_rule(monkeypatch, "every-days")
    done = run_gate(Remembering(known.copy(), again="every"))
    assert done.gate.verdict is GateVerdict.FAIL
    assert "recurrence" in done.gate.headline
    lost = [change.case_id for change in done.gate.changes if change.was_right]
    assert len(lost) > 20
    assert "repeats-001" in lost


@pytest.mark.thorough
def test_a_parser_that_raises_is_told_and_never_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str, **said: Any) -> Decision:
        if "every" in text:
            raise TypeError("no such rule")
        return parse(text, **said)

    monkeypatch.setattr("ops.in_process.parse", broken)
    done = run_gate()
    assert done.gate.verdict is GateVerdict.VOID
    assert "the parser raised TypeError: no such rule" in done.gate.headline


@pytest.mark.thorough
def test_a_case_that_is_mended_shows() -> None:
    baseline = read_baseline(SHIPPED)
    assert baseline is not None
    before = replace(baseline.cases["days-001"], right=False, answered={"title": "lunch"})
    older = replace(baseline, cases={**baseline.cases, "days-001": before})
    done = gated(shipped_cases(), InProcessParser(), wanted(), baseline=older, policy=Policy())
    assert done.gate.verdict is GateVerdict.PASS
    gained = {c.case_id for c in done.gate.changes if c.is_right and not c.was_right}
    assert "days-001" in gained
    assert f"gained {len(gained)}" in done.gate.headline
