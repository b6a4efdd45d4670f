"""Where the harness writes what it makes: into its checkout, else into the working folder."""

from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]
IS_CHECKOUT: Final = (_ROOT / "pyproject.toml").is_file()
"""Whether the packages are a checkout's folders; installed ones are read and never written."""


def output_folder(part: Path) -> Path:
    """Return where the files of a part go: its own folder in a checkout, else `./NAME`."""
    return part if IS_CHECKOUT else Path(part.name)
