"""The load profiles that come with the product, and those in a person's own files."""

import difflib
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError
from synthetic.load.profile_file import read_profile
from synthetic.load.shape import Profile

SHIPPED: Final = Path(__file__).resolve().parents[2] / "load" / "profiles"


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def read_profile_named(name: str) -> Profile:
    """Return the shipped profile `name`, or the one in the file that `name` is the path of."""
    path = Path(name)
    if path.suffix not in {".yaml", ".yml"}:
        if name not in profile_names():
            near = difflib.get_close_matches(name, profile_names(), n=1)
            known = ", ".join(profile_names())
            raise BadInputError(
                f"there is no load profile {name!r}",
                hint=f"did you mean {near[0]}?" if near else f"use {known} or a .yaml file",
            )
        path = SHIPPED / f"{name}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"{path}: cannot be read: {err}", hint="is the path right?") from err
    return read_profile(text, source=str(path))
