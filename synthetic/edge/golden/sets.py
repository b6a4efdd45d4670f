"""A project's golden set: its cases, what it asks, and what it has to reach."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError
from slo.edge.files import load_objectives
from slo.edge.project_file import is_shipped
from slo.objective import Measure, Objective, RawRatio
from slo.project.project import Project
from synthetic.edge.golden.files import SHIPPED, load_cases, spec_of
from synthetic.edge.golden.own_code import with_code
from synthetic.edge.golden.runs import folder_of
from synthetic.golden.case import Case
from synthetic.golden.spec import Spec
from synthetic.golden.verdicts import Goal, goals

_WINDOW: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """The cases of a project, and the folder that holds their baseline."""

    project: Project
    spec: Spec
    cases: tuple[Case, ...]
    folder: Path


def golden_set(
    project: Project, cases: Path | None = None, *, own_code: bool = False, runs: bool = True
) -> GoldenSet:
    """Return the set of the project; its own code runs with consent, and never if not `runs`.

    Raises RefusedError without the consent, BadInputError for a project or a set that is wrong.
    """
    spec = spec_of(project)
    if runs:
        spec = with_code(spec, project, consent=own_code)
    if cases is not None:
        return GoldenSet(project, spec, load_cases(cases, spec), folder_of(cases))
    folder = SHIPPED if is_shipped(project) else _folder(project)
    return GoldenSet(project, spec, load_cases(folder, spec), folder)


def wanted_of(the_set: GoldenSet, objectives: Path | None) -> tuple[Goal, ...]:
    """Return the accuracy objectives; raises BadInputError where nothing says what is enough.

    Where no objective reads the accuracy that the project binds, `target` in [golden] is one.
    """
    project, target = the_set.project, the_set.spec.target
    folder = objectives or Path(project.paths.objectives)
    stated = load_objectives(folder, project) if target is None or folder.exists() else ()
    if found := goals(stated, project.roles.accuracy):
        return found
    if target is not None:
        return (Goal(_objective(project, target)),)
    if project.roles.accuracy is not None:
        return ()
    raise BadInputError(
        f"{project.source}: nothing says which share of golden answers has to be right",
        hint="add target = 0.9 to [golden], or an objective on the metric in [metrics.accuracy]",
    )


def _folder(project: Project) -> Path:
    if project.paths.golden is None:
        raise BadInputError(
            f"{project.source}: [paths] names no folder of golden cases",
            hint='add golden = "golden" to [paths], or give --cases',
        )
    return Path(project.paths.golden)


def _objective(project: Project, target: float) -> Objective:
    text = f"{target * 100:g} % of golden answers are right"
    return Objective(
        "accuracy", "Accuracy", text, project.name, Measure.ACCURACY, target, _WINDOW, RawRatio("")
    )
