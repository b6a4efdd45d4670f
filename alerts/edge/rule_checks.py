"""Run promtool and amtool on files."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from alerts.checks.problem import Level, Problem
from alerts.checks.routes_service import check_routes, is_routes
from alerts.checks.run import run_checks
from alerts.checks.subject import Around, read_rules
from alerts.edge.generated import built_paths, home_of
from alerts.edge.server import Server
from kit.edge.prometheus import prometheus_headers
from kit.edge.tools import tool_command
from kit.pure.errors import BadInputError
from slo.project.project import Project
from slo.series import selectors

_PATIENCE_S: Final = 300
UNREADABLE: Final = "file/readable"
_NO_REASON: Final = ("Checking ", "FAILED:")


def promtool_check(path: Path) -> dict[str, Any]:
    """Return {file, ok, says} of `promtool check rules`; UnreachableError without promtool."""
    if not path.is_file():
        raise BadInputError(f"no rule file {path}", hint="run `sre alerts build`, or name a file")
    file = path.resolve()
    done = subprocess.run(
        [*tool_command("promtool", [file.parent]), "check", "rules", "--lint=none", str(file)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    return {"file": str(path), "ok": done.returncode == 0, "says": _reasons(done, file)}


def _reasons(done: subprocess.CompletedProcess[str], file: Path) -> str:
    """Return each reason once, without the words that say no more than that there is one."""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    reasons = dict.fromkeys(line.removeprefix(f"{file}: ") for line in lines)
    return "; ".join(line for line in reasons if line and not line.startswith(_NO_REASON))


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


def check_rules(
    project: Project,
    paths: Sequence[Path],
    *,
    prometheus: str | None = None,
    scrape_s: float = 15,
) -> tuple[Problem, ...]:
    """Return every problem of files of rules or routes, the generated ones when none is named.

    The runbook pages are only looked for when the generated files are checked: anybody's rules
    have their pages elsewhere. Raises BadInputError for a file that cannot be read.
    """
    named = list(paths) or built_paths(project)
    texts = {path: read_rule_file(path) for path in named}
    routes = {path: text for path, text in texts.items() if is_routes(text)}
    chosen = [path for path in texts if path not in routes]
    sources = [(str(path), texts[path]) for path in chosen]
    there = (home_of(project) / "runbooks").glob("*.md")
    pages = None if paths else frozenset(page.stem for page in there)
    live = _live(prometheus, sources) if prometheus else None
    known = project.series()
    around = Around(
        (),
        known or {},
        live=live,
        scrape_s=scrape_s,
        pages=pages,
        service=project.name,
        catalogued=known is not None,
    )
    refusals = {str(path): said for path in chosen if (said := _refusal(path))}
    problems = run_checks(sources, around)
    unread = {each.file: each for each in problems if each.check == UNREADABLE}
    return (
        *(_refused(file, said) for file, said in refusals.items() if file not in unread),
        *(_with_reason(each, refusals) if each.check == UNREADABLE else each for each in problems),
        *(each for path, text in routes.items() for each in check_routes(str(path), text)),
    )


def _live(url: str, sources: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return every metric of a server, and the labels of those that the rules read."""
    server = Server(url, headers=prometheus_headers())
    read = {
        selector.metric
        for rule in read_rules(sources)[0]
        if rule.tree is not None
        for selector in selectors(rule.expr)
    }
    return {name: server.labels(name) if name in read else frozenset() for name in server.metrics()}


def _refusal(path: Path) -> str:
    verdict = promtool_check(path)
    return "" if verdict["ok"] else str(verdict["says"])


def _refused(file: str, said: str) -> Problem:
    return Problem(
        "promtool/accepts", Level.ERROR, file, 1, "", "", said, "Prometheus would refuse it"
    )


def _with_reason(problem: Problem, refusals: Mapping[str, str]) -> Problem:
    """Return what keeps a file from being read with promtool's reason, as it is one fault."""
    said = refusals.get(problem.file)
    return replace(problem, message=f"{problem.message}: {said}") if said else problem
