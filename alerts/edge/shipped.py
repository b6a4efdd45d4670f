"""Read the texts that ship with the package, and write what is generated from them."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import alerts
from alerts.build import OBJECTIVES_PATH
from alerts.own_rules import OwnRules, read_own_rules
from alerts.page import Page, read_pages
from alerts.render import HEADER
from alerts.routing.receivers import Receivers, read_receivers
from alerts.thresholds import Thresholds
from kit.edge.place import output_folder
from kit.pure.errors import BadInputError, RefusedError
from slo.project.project import Project

HOME: Final = Path(str(alerts.__file__)).parent
OUTPUT: Final = output_folder(HOME)
"""Where `sre alerts build` writes when no folder is named."""
RECEIVERS: Final = HOME / "routing" / "example.yaml"
"""Who is notified where nobody says so."""
FAMILIES: Final = HOME / "families"
"""The texts of the alerts that any project may have."""
_RULES: Final = "rules.yaml"
_SERVICE: Final = re.compile(r"^ +service: '?([a-z0-9-]+)'?$", re.MULTILINE)


def load_pages(directory: Path) -> dict[str, Page]:
    """Return the texts in a folder by alert."""
    try:
        sources = [(str(path), path.read_text(encoding="utf-8")) for path in _yaml(directory)]
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"cannot read pages: {err}", hint="correct the file, or [paths] pages"
        ) from err
    return read_pages(sources)


def _yaml(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise BadInputError(f"no folder {directory}", hint="correct [paths] in the project file")
    return sorted(directory.glob("*.yaml"))


def load_own_rules(project: Project, numbers: Mapping[str, float]) -> OwnRules:
    """Return the project's own alerts; none where it names no folder of them."""
    if project.paths.alerts is None:
        return OwnRules()
    path = Path(project.paths.alerts) / _RULES
    try:
        return read_own_rules(str(path), path.read_text(encoding="utf-8"), numbers)
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"cannot read {path}: {err}", hint="write it, or correct [paths] alerts"
        ) from err


def limits_of(project: Project) -> dict[str, float]:
    """Return every number that an alert of a project turns on, by its name."""
    families = asdict(Thresholds())
    return {**families, **load_own_rules(project, families).limits}


def load_receivers(path: Path) -> Receivers:
    """Return who is notified, from the shipped file or one of the user's."""
    try:
        return read_receivers(str(path), path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"cannot read receivers from {path}: {err}", hint="name a receivers file"
        ) from err


def load_template() -> str:
    """Return the message template that every receiver uses."""
    return (HOME / "routing" / "message.tmpl").read_text(encoding="utf-8")


def refuse_others(files: Mapping[str, str], home: Path, service: str) -> None:
    """Raise RefusedError where another service's rules were built: one would remove the other's.

    Rules of the service itself may stand beside those of others whose objectives it states.
    """
    stated = {service, *(name for text in files.values() for name in _SERVICE.findall(text))}
    for path in sorted(_left_over(files, home)):
        if Path(path).suffix != ".yaml" or path == OBJECTIVES_PATH:
            continue
        built = set(_SERVICE.findall(_read(home / path) or ""))
        others = built - (stated if service in built else {service})
        if others:
            raise RefusedError(
                f"{home} holds the rules of {', '.join(sorted(others))}",
                hint='give each project file a folder of its own, such as build = "build/'
                f'{service}" under [paths]; or remove that one if it is no more',
            )


def stale(files: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Return the paths below `home` whose content is not what would be generated."""
    return tuple(
        sorted({path for path, text in files.items() if _read(home / path) != text})
        + sorted(_left_over(files, home))
    )


def write(files: Mapping[str, str], home: Path, shipped: str) -> tuple[str, ...]:
    """Write what differs, remove generated files that are no longer wanted; return their paths.

    `shipped` is the file that must be among those of the package. Raises RefusedError when it would
    make way for those of other objectives.
    """
    if home == HOME and shipped not in files:
        raise RefusedError(
            f"the rules shipped in {home} are not replaced by those of other objectives",
            hint="name a folder for them: --out FOLDER",
        )
    changed = stale(files, home)
    try:
        for path in changed:
            target = home / path
            if path in files:
                target.parent.mkdir(parents=True, exist_ok=True)
                beside = target.with_name(f".{target.name}.new")
                beside.write_text(files[path], encoding="utf-8")
                beside.replace(target)
            else:
                target.unlink()
    except OSError as err:
        raise BadInputError(f"cannot write below {home}: {err}", hint="choose --out") from err
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _left_over(files: Mapping[str, str], home: Path) -> set[str]:
    """Return generated files that nothing generates any more.

    A folder of the user's may hold other files beside them: those stay.
    """
    found = {
        str(path.relative_to(home))
        for pattern in (
            "generated/*",
            "generated/routing/**/*",
            "generated/kubernetes/*",
            "runbooks/*",
            "generated/tests/*.json",
        )
        for path in home.glob(pattern)
        if path.is_file() and (home == HOME or _is_generated(path))
    }
    return found - files.keys()


def _is_generated(path: Path) -> bool:
    """Say whether a file is one of ours: rules, pages and tests begin as they do."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    title, _, rest = text.partition("\n\n")
    if path.suffix == ".json":
        return text.startswith('{\n "rule_files"')
    return text.startswith(HEADER) or (title.startswith("# ") and rest.startswith("- Severity "))
