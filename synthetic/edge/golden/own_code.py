"""A project's own comparators: code of its folder, run with explicit consent alone."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kit.pure.errors import BadInputError, RefusedError
from slo.project.project import Project
from synthetic.golden.spec import Spec

Comparator = Callable[[object, object], bool]
"""Takes what is expected and what was answered, and says whether that is right."""


def with_code(spec: Spec, project: Project, *, consent: bool) -> Spec:
    """Return the spec with its own comparators ready; RefusedError without consent to run them."""
    if not spec.own:
        return spec
    if not consent:
        raise RefusedError(
            f"{project.source} compares with code of its own: {', '.join(spec.own)}",
            hint="read that code; if you trust it, say --run-own-comparators",
        )
    folder = Path(project.source).absolute().parent
    return replace(spec, code={name: _loaded(name, folder) for name in spec.own})


def _loaded(name: str, folder: Path) -> Comparator:
    module, _, function = name.partition(":")
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    found = importlib.util.spec_from_file_location(f"own_comparators.{module}", path)
    if found is None or found.loader is None or not path.is_file():
        raise BadInputError(
            f"{name}: there is no {path}", hint="write module:function, such as compare:same"
        )
    loaded = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(loaded)
    except Exception as err:
        raise BadInputError(f"{path} cannot be run: {err}", hint="correct it") from err
    made = getattr(loaded, function, None)
    if not callable(made):
        raise BadInputError(f"{path} has no function {function}", hint="correct its name")
    comparator: Comparator = made
    return comparator
