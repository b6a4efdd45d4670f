"""Run every check on rule files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from alerts.checks import (
    alerts_absent,
    alerts_annotations,
    alerts_compare,
    alerts_count,
    alerts_for,
    alerts_link,
    alerts_service,
    alerts_template,
    labels_asked,
    labels_conflict,
    labels_group,
    labels_match,
    labels_survive,
    promql_compare,
    promql_cost,
    promql_empty,
    promql_fragile,
    promql_histogram,
    promql_nan,
    promql_parse,
    promql_precedence,
    promql_range,
    promql_rate,
    promql_regexp,
    promql_window,
    rules_duplicate,
    rules_interval,
    rules_name,
    rules_order,
    rules_recorded,
    rules_text,
    series_exists,
    series_match,
)
from alerts.checks.changed import REMOVED, Place, changed_rules, removed_records
from alerts.checks.problem import Level, Problem
from alerts.checks.reading import READABLE, SHAPE, read_rules
from alerts.checks.routes_service import NAME as ROUTES
from alerts.checks.subject import Around, Subject
from alerts.checks.suppress import NAMES as OF_COMMENTS
from alerts.checks.suppress import apply, read_suppressions, rule_at

Check = Callable[[Subject, Around], Iterator[Problem]]
_MODULES: Final = (
    promql_parse, promql_rate, promql_histogram, promql_window, promql_range, promql_cost,
    promql_regexp, promql_compare, promql_nan, promql_precedence, promql_fragile, promql_empty,
    series_exists, series_match, labels_survive, labels_match, labels_group, labels_conflict,
    labels_asked,
    rules_duplicate, rules_order, rules_interval, rules_recorded, rules_name, rules_text,
    alerts_compare, alerts_absent, alerts_for, alerts_template, alerts_annotations, alerts_link,
    alerts_service, alerts_count,
)  # fmt: skip
CHECKS: Final[Mapping[str, Check]] = {module.NAME: module.check for module in _MODULES}
PROMTOOL: Final = "promtool/accepts"
NAMES: Final = (*CHECKS, READABLE, SHAPE, PROMTOOL, ROUTES, REMOVED, *OF_COMMENTS)
"""Every check by its name, those of whole files too."""
_WITHOUT_TREE: Final = frozenset(
    {promql_parse.NAME, rules_duplicate.NAME, alerts_annotations.NAME, alerts_template.NAME,
     rules_interval.NAME, rules_name.NAME, rules_text.NAME, alerts_for.NAME, alerts_link.NAME,
     labels_conflict.NAME}
)  # fmt: skip
"""The checks that also look at a rule whose expression does not parse."""
_OF_FILES: Final = frozenset({PROMTOOL, READABLE, ROUTES, REMOVED})
_OF_SERVERS: Final = frozenset({series_exists.NAME, series_match.NAME, alerts_count.NAME})


@dataclass(frozen=True, slots=True)
class Read:
    """Rule files as they were read: their texts, their rules, and what kept others from it."""

    texts: tuple[tuple[str, str], ...]
    rules: tuple[Subject, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, sources: Iterable[tuple[str, str]]) -> "Read":
        """Read (file name, text) pairs."""
        texts = tuple(sources)
        rules, problems = read_rules(texts)
        return cls(texts, tuple(rules), tuple(problems))


def run_checks(sources: Iterable[tuple[str, str]], around: Around) -> tuple[Problem, ...]:
    """Return every problem of (file name, text) pairs, in the order of the files."""
    return checked(Read.of(sources), around)


def checked(
    read: Read,
    around: Around,
    *,
    base: Sequence[Subject] | None = None,
    more: Iterable[Problem] = (),
) -> tuple[Problem, ...]:
    """Return every problem of what was read, with those that other tools found in it (`more`).

    With the rules of an earlier state (`base`), only those of rules that differ from it.
    """
    around = knowing(read.rules, around)
    of_others = replace(around, metrics=None)
    found = list(
        dict.fromkeys(
            problem
            for each in read.rules
            for name, check in CHECKS.items()
            if each.tree is not None or name in _WITHOUT_TREE
            for problem in check(each, around if around.is_ours(each.file) else of_others)
        )
    )
    if base is None:
        return _settled((*more, *read.problems, *found), read, around)
    found += removed_records(read.rules, base)
    settled = _settled((*more, *read.problems, *found), read, around)
    return tuple(_of_changes(settled, read.rules, changed_rules(read.rules, base)))


def _of_changes(
    problems: Iterable[Problem], rules: Sequence[Subject], changed: frozenset[Place]
) -> Iterator[Problem]:
    """Yield the problems of rules that changed, and those of whole files."""
    for each in problems:
        line: int | None = each.line
        if each.check in OF_COMMENTS:
            line = rule_at(each.line, [rule for rule in rules if rule.file == each.file])
        if each.check in _OF_FILES or (each.file, line) in changed:
            yield each


def knowing(rules: Sequence[Subject], around: Around) -> Around:
    """Return what is known around rules, the rules themselves included."""
    recorded: dict[str, list[Subject]] = {}
    firsts: dict[tuple[bool, str, frozenset[tuple[str, str]]], list[Subject]] = {}
    computed: dict[str, Subject] = {}
    for each in rules:
        firsts.setdefault(each.writes, []).append(each)
        if not each.is_alert:
            recorded.setdefault(each.name, []).append(each)
            if each.tree is not None and each.tree.bare().kind == "aggregate":
                computed.setdefault(each.tree.bare().text, each)
    return replace(
        around,
        rules=tuple(rules),
        recorded={name: tuple(each) for name, each in recorded.items()},
        firsts={key: tuple(each) for key, each in firsts.items()},
        computed=computed,
        neighbours={
            level: name
            for name in sorted(recorded, reverse=True)
            if ":" in (level := name.rpartition(":")[0])
        },
    )


def _settled(problems: Sequence[Problem], read: Read, around: Around) -> tuple[Problem, ...]:
    """Return problems at the levels that the project wants, without those that comments let be."""
    comments, unclear = [], list[Problem]()
    for file, text in read.texts:
        rules = [each for each in read.rules if each.file == file] if "sre:" in text else []
        found, said = read_suppressions(file, text, rules, NAMES)
        comments += found
        unclear += said
    judged = frozenset(CHECKS) - (_OF_SERVERS if around.live is None else frozenset())
    left = (*apply(problems, comments, around.today, judged), *unclear)
    return tuple(
        each if level is None else replace(each, level=Level(level))
        for each in left
        if (level := around.settings.level(each.check)) != "off"
    )
