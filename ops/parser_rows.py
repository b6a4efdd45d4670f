"""Break the rows of this installation's parser, one at a time: rules, words and conventions."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache, partial
from typing import Any

from ops.parser_memory import Note, forgetting, used_by, uses
from ops.parser_tables import conventions, is_number, off
from service.parsing import decide
from service.parsing.engine import Rule, Stage
from service.parsing.grammar import languages
from service.parsing.grammar.english.spelling import MISSPELT
from service.parsing.language import Language
from synthetic.edge.golden.judged_answers import Ask
from synthetic.golden.case import Case
from synthetic.golden.mutation import Row


def rows(cases: Sequence[Case], ask: Ask) -> tuple[Row, ...]:
    """Return every row of the parser that can be broken.

    A rule is taken away. A word, all spellings of one meaning, means the next value, or nothing
    where its value is no number. A number of a table or a preference is one off. Which rules and
    tables a case uses is found by asking each once, when a row is first asked whom it concerns.
    """
    return (*_rules(cases, ask), *_words(), *conventions(cases, ask), *_preferences())


def _rules(cases: Sequence[Case], ask: Ask) -> Iterator[Row]:
    used = cache(partial(used_by, cases, ask, _noting))
    for language in languages.LANGUAGES:
        for stage in language.stages:
            for rule in {one.name: one for one in stage.rules}.values():
                yield Row(
                    "rule",
                    f"{language.code}: {stage.name}: {rule.name}",
                    partial(uses, used, (language.code, stage.name, rule.name)),
                    partial(_languages, language, partial(_without_rule, stage, rule)),
                    rule.examples[0] if rule.examples else "",
                )


def _noting(note: Note) -> contextlib.AbstractContextManager[None]:
    """Note each rule that makes something, by its language, stage and name."""

    def noted(key: tuple[str, str, str], rule: Rule) -> Rule:
        def build(*values: Any) -> Any:  # Any: what the rule's own takes and makes
            made = rule.build(*values)
            if made is not None:
                note(key)
            return made

        return rule._replace(build=build)

    def with_notes(language: Language) -> Language:
        stages = (
            Stage(s.name, [noted((language.code, s.name, rule.name), rule) for rule in s.rules])
            for s in language.stages
        )
        return replace(language, stages=tuple(stages))

    return _as(tuple(map(with_notes, languages.LANGUAGES)))


def _without_rule(stage: Stage, rule: Rule, language: Language) -> Language:
    kept = Stage(stage.name, [one for one in stage.rules if one.name != rule.name])
    return replace(language, stages=tuple(kept if s is stage else s for s in language.stages))


def _words() -> Iterator[Row]:
    for language in languages.LANGUAGES:
        meanings: dict[tuple[str, str], list[str]] = defaultdict(list)
        for word, (cls, value) in language.words.items():
            meanings[cls, repr(value)].append(word)
        for (cls, shown), spellings in meanings.items():
            said = "" if language.words[spellings[0]][1] is None else f" {shown}"
            right = [word for word in spellings if word not in MISSPELT]
            yield Row(
                "word",
                f"{language.code}: {cls}{said} ({', '.join(right[:4])})",
                partial(_says, _any_of(spellings)),
                partial(_languages, language, partial(_meaning_else, frozenset(spellings))),
                right[0],
            )


def _says(spellings: re.Pattern[str], case: Case) -> bool:
    text = case.text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return spellings.search(text) is not None


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds one of the words, with no letter beside it."""
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, words))})(?![^\W\d_])")


def _meaning_else(spellings: frozenset[str], language: Language) -> Language:
    def changed(words: Mapping[str, tuple[str, object]]) -> dict[str, tuple[str, object]]:
        return {
            word: (cls, off(value)) if word in spellings else (cls, value)
            for word, (cls, value) in words.items()
            if word not in spellings or is_number(value)
        }

    return replace(language, words=changed(language.words), sure=changed(language.sure))


@contextlib.contextmanager
def _languages(language: Language, change: Callable[[Language], Language]) -> Iterator[None]:
    changed = change(language)
    with _as(tuple(changed if one is language else one for one in languages.LANGUAGES)):
        yield


@contextlib.contextmanager
def _as(others: tuple[Language, ...]) -> Iterator[None]:
    ours = languages.LANGUAGES
    languages.LANGUAGES = others
    try:
        with forgetting():
            yield
    finally:
        languages.LANGUAGES = ours


def _preferences() -> Iterator[Row]:
    for one in fields(decide.DEFAULTS):
        value = getattr(decide.DEFAULTS, one.name)
        other = "past" if isinstance(value, str) else off(value)
        broken = partial(_default, one.name, other)
        yield Row("convention", f"default {one.name}", lambda _: True, broken)


@contextlib.contextmanager
def _default(name: str, value: object) -> Iterator[None]:
    """Change a default in place: it is what `parse` was made with."""
    before = getattr(decide.DEFAULTS, name)
    object.__setattr__(decide.DEFAULTS, name, value)
    try:
        with forgetting():
            yield
    finally:
        object.__setattr__(decide.DEFAULTS, name, before)
