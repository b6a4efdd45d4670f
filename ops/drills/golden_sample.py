"""A part of the golden set for a drill: all of it, again and again, would take a whole machine."""

from pathlib import Path
from typing import Final

from slo.edge.project_file import SHIPPED, shipped

_EVERY: Final = 15
_NAME: Final = "golden-of-the-drill"


def sampled_project(folder: Path) -> Path:
    """Write the shipped project below a folder, with every fifteenth case, and return its file."""
    place = folder / "project"
    (place / _NAME).mkdir(parents=True)
    home = SHIPPED.parent
    for beside in home.iterdir():
        if beside.is_dir():
            (place / beside.name).symlink_to(beside)
    whole = Path(str(shipped().paths.golden))
    lines = [
        line
        for path in sorted(whole.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    text = "".join(f"{line}\n" for line in lines[::_EVERY])
    (place / _NAME / "sample.jsonl").write_text(text, encoding="utf-8")
    named = SHIPPED.read_text(encoding="utf-8")
    before = f'golden = "{whole.relative_to(home)}"'
    written = place / SHIPPED.name
    written.write_text(named.replace(before, f'golden = "{_NAME}"'), encoding="utf-8")
    return written
