"""Check files of rules and routes: read them, ask promtool and a server, run every check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from alerts.checks.alerts_count import firing_notes
from alerts.checks.problem import Level, Problem
from alerts.checks.reading import READABLE
from alerts.checks.routes_service import check_routes, is_routes
from alerts.checks.run import NAMES, PROMTOOL, Read, checked, knowing
from alerts.checks.subject import Around
from alerts.edge.asking import ask
from alerts.edge.base_rules import rules_at
from alerts.edge.generated import built_paths, home_of
from alerts.edge.promtool_check import refusals
from kit.pure.errors import BadInputError
from slo.project.project import Project

UNREADABLE: Final = READABLE
_NOT_ASKED: Final = (
    "nobody was asked whether the metrics exist: name a server that has them, --prometheus URL"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The problems of files, and what else is worth knowing."""

    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """How files are checked: a server to ask, seconds between scrapes, a revision to compare with.

    `today` is the date in UTC that suppressions are held against.
    """

    prometheus: str | None = None
    scrape_s: float | None = None
    diff_base: str | None = None
    today: date | None = None


def read_rule_file(path: Path) -> str:
    """Return the text of a rule file; BadInputError naming it when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else err
        raise BadInputError(
            f"cannot read a rule file: {path}: {reason}",
            hint="run `sre alerts build`, or name a file",
        ) from err


def check_rules(project: Project, paths: Sequence[Path], how: How | None = None) -> Found:
    """Return what is wrong with files of rules or routes, the generated ones when none is named.

    The runbook pages are only looked for when the generated files are checked: anybody's rules
    have their pages elsewhere; and only what was built for the project is held against its
    catalogue of metrics, unless it asks for more. Raises BadInputError for a file that cannot be
    read, and UnreachableError for a server that does not answer.
    """
    how = how or How()
    _known_levels(project)
    texts = {path: read_rule_file(path) for path in (list(paths) or built_paths(project))}
    routes = {path: text for path, text in texts.items() if is_routes(text)}
    chosen = [path for path in texts if path not in routes]
    read = Read.of((str(path), texts[path]) for path in chosen)
    base = rules_at(how.diff_base, chosen) if how.diff_base else None
    around = _around(project, paths, read, how)
    refused = refusals(read) if project.rule_checks.level(PROMTOOL) != "off" else {}
    unread = {each.file for each in read.problems}
    read = replace(read, problems=tuple(_with_reason(each, refused) for each in read.problems))
    more = [_refused(file, said) for file, said in refused.items() if file not in unread]
    more += [each for path, text in routes.items() for each in check_routes(str(path), text)]
    problems = checked(read, around, base=base, more=more)
    return Found(problems, _notes(read, around))


def _around(project: Project, paths: Sequence[Path], read: Read, how: How) -> Around:
    home = home_of(project).resolve()
    every = project.rule_checks.catalogue or not paths
    ours = frozenset(str(path) for path in paths if path.resolve().is_relative_to(home))
    pages = None if paths else frozenset(page.stem for page in (home / "runbooks").glob("*.md"))
    return Around(
        metrics=project.series() if ours or every else None,
        catalogue=project.metrics_file,
        ours=None if every else ours,
        live=ask(how.prometheus, read.rules) if how.prometheus else None,
        scrape_s=how.scrape_s,
        pages=pages,
        settings=project.rule_checks,
        today=how.today or datetime.now(UTC).date(),
    )


def _notes(read: Read, around: Around) -> tuple[str, ...]:
    if around.metrics is None and around.live is None and read.rules:
        return (_NOT_ASKED,)
    return firing_notes(knowing(read.rules, around))


def _known_levels(project: Project) -> None:
    families = {f"{name.split('/')[0]}/*" for name in NAMES}
    for name in project.rule_checks.levels:
        if name not in NAMES and name not in families:
            near = get_close_matches(name, NAMES, n=1)
            raise BadInputError(
                f"{project.source}: alerts.check.levels names no check: {name!r}",
                hint=f"did you mean {near[0]!r}?" if near else "docs/alerts.md lists them",
            )


def _refused(file: str, said: str) -> Problem:
    return Problem(PROMTOOL, Level.ERROR, file, 1, "", "", said, "Prometheus would refuse it")


def _with_reason(problem: Problem, refused: Mapping[str, str]) -> Problem:
    """Return what keeps a file from being read with promtool's reason, as it is one fault."""
    said = refused.get(problem.file)
    readable = problem.check == READABLE
    return replace(problem, message=f"{problem.message}: {said}") if said and readable else problem
