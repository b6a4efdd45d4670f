"""Every generated alert file of a project, from what is on disk."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from alerts.build import Behaviours, Files, Texts, build_files, escalation_path, rules_path
from alerts.edge.own_cases import EXPECTED, own_cases, own_expected, read_expected
from alerts.edge.shipped import (
    FAMILIES,
    HOME,
    OUTPUT,
    RECEIVERS,
    limits_of,
    load_own_rules,
    load_pages,
    load_receivers,
    load_template,
)
from alerts.render import Links
from alerts.routing.config import CONFIG_PATH
from alerts.routing.receivers import Receivers
from alerts.rule import RuleSet
from alerts.ruleset import build_rules
from alerts.thresholds import Thresholds
from slo.edge.files import SHIPPED, load_objectives
from slo.objective import Objective
from slo.project.project import Project


@dataclass(frozen=True, slots=True)
class Where:
    """What options say of a build; None is what the project says."""

    objectives: Path | None = None
    runbooks_url: str | None = None
    dashboards_url: str | None = None
    receivers: Path | None = None


def is_shipped(project: Project) -> bool:
    """Say whether a project is the one whose files lie in the package."""
    return Path(project.paths.objectives).resolve() == SHIPPED.resolve()


def output_of(project: Project) -> Path:
    """Return where `sre alerts build` writes when no folder is named."""
    return OUTPUT if is_shipped(project) else Path(project.paths.build) / "alerts"


def home_of(project: Project) -> Path:
    """Return where the generated files of a project are read from."""
    return HOME if is_shipped(project) else output_of(project)


def objectives_of(project: Project) -> tuple[Objective, ...]:
    """Return the objectives of a project."""
    return load_objectives(Path(project.paths.objectives), project)


def rules_of(project: Project, objectives: tuple[Objective, ...]) -> RuleSet:
    """Return the rules of a project, without reading its pages."""
    limits = Thresholds()
    return build_rules(project, objectives, limits, load_own_rules(project, asdict(limits))).rules


def receivers_of(project: Project) -> Receivers:
    """Return who is notified of a project, and after how long."""
    return load_receivers(Path(project.paths.receivers or RECEIVERS))


def generated(
    project: Project, where: Where | None = None, *, limits: Mapping[str, float] | None = None
) -> Files:
    """Return every file that `sre alerts build` writes, and what it leaves out.

    `limits` are numbers to try instead of the project's.
    """
    where, numbers = where or Where(), limits or limits_of(project)
    prefix = project.prefix
    runbooks = where.runbooks_url or project.runbooks or f"https://runbooks.{prefix}.example"
    boards = where.dashboards_url or project.places.grafana or f"https://grafana.{prefix}.example"
    named = where.objectives
    own = project.paths.pages
    return build_files(
        project,
        load_objectives(named, project) if named else objectives_of(project),
        Thresholds.of(numbers),
        load_own_rules(project, numbers),
        Texts(
            load_pages(FAMILIES),
            load_pages(Path(own)) if own else {},
            Links(prefix, runbooks.rstrip("/"), boards.rstrip("/")),
            load_receivers(where.receivers) if where.receivers else receivers_of(project),
            load_template(),
        ),
        Behaviours(own_cases(project), {**read_expected(EXPECTED), **own_expected(project)}),
        source=shlex.quote(str(named)) if named else "",
    )


def built_paths(project: Project) -> tuple[Path, Path, Path]:
    """Return the files of rules, of escalation and of routes that were built for a project."""
    home = home_of(project)
    return (
        home / rules_path(project, objectives_of(project)),
        home / escalation_path(project),
        home / CONFIG_PATH,
    )
