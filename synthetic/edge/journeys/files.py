"""The journeys of a project: tables of its file, or files of their own beside it."""

from pathlib import Path

from kit.pure.errors import BadInputError
from kit.pure.fields import Field, read_toml
from slo.project.project import Project
from slo.project.reading import inside
from synthetic.days_off import DaysOff, read_days_off
from synthetic.steps.reading import read_journey
from synthetic.steps.step import Journey


def journeys_of(project: Project) -> tuple[Journey, ...]:
    """Return the journeys that a project states: `[[journeys]]`, in its order.

    Raises BadInputError where it states none, or a wrong one.
    """
    folder = str(Path(project.source).absolute().parent)
    places = tuple(project.journeys.items()) if project.journeys else ()
    found: dict[str, Journey] = {}
    for place in places:
        root = _read(place, folder) if "file" in place.names() else place
        one = read_journey(root)
        if one.name in found:
            raise root.need("name").wrong("is the name of another journey", "rename one of them")
        found[one.name] = one
    if not found:
        raise BadInputError(
            f"{project.source}: there is no [[journeys]], so there is nothing to walk",
            hint="state one: see docs/journeys.md",
        )
    return tuple(found.values())


def load_days_off(path: Path) -> DaysOff:
    """Return the days off of a calendar file; BadInputError where it cannot be read as one."""
    try:
        text = path.read_bytes()
    except OSError as err:
        raise BadInputError(
            f"cannot read {path}: {err.strerror}", hint="correct [paths] days_off"
        ) from err
    return read_days_off(str(path), text)


def _read(place: Field, folder: str) -> Field:
    place.only("file")
    path = Path(inside(place.need("file"), folder) or "")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"{path}: cannot be read: {err}", hint="is the path right?") from err
    return read_toml(str(path), text)
