"""A thousand random corruptions of a backup: each is found, and none is taken for whole."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ops.backup.checking import check
from ops.backup.folder import look
from ops.backup.progress import nobody
from tests.support.backups import make_backup

CORRUPTIONS = int(os.environ.get("SRE_TEST_CORRUPTIONS", "1000"))


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def lengthen(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(chance.randint(1, 300)))


def overwrite(path: Path, chance: random.Random) -> None:
    """A run of bytes is something else: zeros of a disk that lost a page, or noise."""
    content = bytearray(path.read_bytes())
    begin, length = chance.randrange(len(content)), chance.randint(1, 600)
    there = content[begin : begin + length]
    content[begin : begin + length] = (
        bytes(len(there)) if chance.random() < 0.5 else chance.randbytes(len(there))
    )
    path.write_bytes(content)


def take_out(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    begin = chance.randrange(len(content))
    path.write_bytes(content[:begin] + content[begin + chance.randint(1, 600) :])


def repeat(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    begin = chance.randrange(len(content))
    end = begin + chance.randint(1, 600)
    path.write_bytes(content[:end] + content[begin:])


def remove(path: Path, _chance: random.Random) -> None:
    path.unlink()


def take_from_another(path: Path, chance: random.Random) -> None:
    """A file of the backup stands in another's place."""
    others = sorted(other for other in path.parent.iterdir() if other != path)
    path.write_bytes(chance.choice(others).read_bytes())


HARMS: tuple[Callable[[Path, random.Random], None], ...] = (
    flip, cut, lengthen, overwrite, take_out, repeat, remove, take_from_another,
)  # fmt: skip


def content(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.thorough
def test_each_of_a_thousand_random_corruptions_is_found(tmp_path: Path) -> None:
    documents = [{"_id": n, "title": f"meeting {n * n}"} for n in range(60)]
    whole = make_backup(tmp_path / "whole", documents, redis=True)
    before, chance, found = content(whole), random.Random(22), Counter[str]()
    spoilt = tmp_path / "spoilt" / whole.name
    while found.total() < CORRUPTIONS:
        shutil.rmtree(spoilt, ignore_errors=True)
        shutil.copytree(whole, spoilt)
        harm = chance.choice(HARMS)
        path = chance.choice(sorted(spoilt.iterdir()))
        harm(path, chance)
        if content(spoilt) == before:  # zeros over zeros
            continue
        checked = check(look(spoilt), nobody)
        assert not checked.is_whole, (harm.__name__, path.name)
        found[harm.__name__] += 1
    assert len(found) == len(HARMS)
