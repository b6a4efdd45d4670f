"""Drill files: `drills/NAME.yaml`, held against their published schema, become drills."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml
from jsonschema import Draft202012Validator

from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER
from kit.pure.json_values import JsonMapping
from ops.drills.acting import words_of
from ops.drills.deeds import doing
from ops.drills.drill import EVERYTHING, Drill, Expected
from ops.drills.looks import looking
from ops.drills.stack import Stack

HOME: Final = Path(__file__).resolve().parents[2] / "drills"
SCHEMA: Final = HOME / "schema.json"
_SUFFIX: Final = ".yaml"


def shipped_drills() -> Mapping[str, Drill]:
    """Return the drills that come with the product, by name; raises BadInputError as `read_drill`.

    The short ones come first, so that whoever runs them all soon has something to read.
    """
    found = [read_drill(path) for path in HOME.glob(f"*{_SUFFIX}")]
    ordered = sorted(found, key=lambda drill: (drill.about_s, drill.name))
    return MappingProxyType({drill.name: drill for drill in ordered})


def read_drill(path: Path) -> Drill:
    """Return the drill of a file.

    Raises BadInputError that names the file, the place in it and the reason.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), SAFE_LOADER)  # noqa: S506 -- a safe one
        json.dumps(document, allow_nan=False)
    except (OSError, ValueError, TypeError, RecursionError, yaml.YAMLError) as err:
        raise BadInputError(f"{path}: no drill: {' '.join(str(err).split())}",
                            hint=f"its form is that of {SCHEMA}") from err  # fmt: skip
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for error in Draft202012Validator(schema).iter_errors(document):
        deepest = max([error, *(error.context or [])], key=lambda e: len(e.absolute_path))
        place = ".".join(map(str, deepest.absolute_path)) or "the file"
        raise BadInputError(f"{path}: {place}: {deepest.message}",
                            hint=f"its form is that of {SCHEMA}")  # fmt: skip
    if document["name"] != path.stem:
        raise BadInputError(f"{path}: it calls itself {document['name']!r}",
                            hint="a drill has the name of its file")  # fmt: skip
    for part in ("inject", "mend", "checks", "verify"):
        for number, step in enumerate(document.get(part, ())):
            _check_words(f"{path}: {part}.{number}.run", step.get("run", ""))
    return _drill(document)


def _check_words(place: str, command: str) -> None:
    try:
        words_of(command, Path())
    except ValueError as err:
        raise BadInputError(f"{place}: {err}", hint="close its quotes") from err


def _drill(document: JsonMapping) -> Drill:
    limits = document.get("limits", {})
    return Drill(
        name=document["name"],
        breaks=document["breaks"],
        expects=tuple(
            Expected(e["alert"], e["priority"], e["receiver"]) for e in document["expects"]
        ),
        about_s=document["about_s"],
        inject=doing(document["inject"]),
        mend=doing(document.get("mend", ())),
        checks=looking(document.get("checks", ())),
        verify=looking(document.get("verify", ())),
        steady=_steady(document.get("steady", {})),
        settings={name: str(value) for name, value in document.get("settings", {}).items()},
        needs=tuple(document.get("needs", ())),
        proves=tuple(document.get("proves", ())),
        resolves=document.get("resolves", True),
        golden_every_s=document.get("golden_every_s", 0.0),
        keeps=document.get("keeps", EVERYTHING),
        **limits,
    )


def _steady(limits: Mapping[str, float]) -> Callable[[Stack], bool]:
    """Return what must hold before the fault: each query's least value is over its limit."""
    kept = dict(limits)

    def steady(stack: Stack) -> bool:
        return all(min(stack.value(query), default=0) > least for query, least in kept.items())

    return steady
