"""What earlier releases wrote, a folder each: it is never changed again."""

import gzip
import shutil
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
RELEASES: Final = tuple(sorted(path for path in HERE.iterdir() if path.name[:1].isdigit()))


def unpacked(frozen: Path, place: Path) -> Path:
    """Copy a frozen folder to where it may be written to, what is compressed made plain."""
    shutil.copytree(frozen, place)
    for path in place.rglob("*.gz"):
        if not path.name.endswith(".bson.gz"):
            path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
            path.unlink()
    return place
