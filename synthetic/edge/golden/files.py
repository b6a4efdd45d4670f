"""Where golden cases are kept: the shipped set beside this file, or a person's own."""

from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError
from synthetic.golden.case import Case
from synthetic.golden.case_file import read_cases

SHIPPED: Final = Path(__file__).resolve().parents[2] / "golden"


def load_cases(path: Path = SHIPPED) -> tuple[Case, ...]:
    """Return the cases of a `.jsonl` file, or of every one in a folder, in the order of names."""
    try:
        paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        sources = [(_short(one), one.read_text(encoding="utf-8")) for one in paths]
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"cannot read golden cases from {path}: {err}", hint="give a .jsonl file or a folder"
        ) from err
    if not sources:
        raise BadInputError(f"no .jsonl file in {path}", hint="give a folder that holds the set")
    return read_cases(sources)


def _short(path: Path) -> str:
    return path.name if path.parent == SHIPPED else str(path)
