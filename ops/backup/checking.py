"""Is a backup what was written: every byte, every document, every count."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ops.backup.blocks import Block, DamagedBlockError, Digest, check_decodes, read_block, split
from ops.backup.folder import Entry, State
from ops.backup.manifest import MANIFEST, SEAL, DataFile, Manifest
from ops.backup.progress import Progress


@dataclass(frozen=True, slots=True)
class Damage:
    """The first damaged place of a file, and what of the file can still be restored."""

    file: str
    at_byte: int | None
    problem: str
    documents: int
    intact_documents: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; without damage the backup is as it was written."""

    entry: Entry
    damage: tuple[Damage, ...]
    documents: int
    strangers: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether everything can be restored."""
        return self.entry.manifest is not None and not self.damage


def check(entry: Entry, progress: Progress) -> Checked:
    """Read a backup from end to end."""
    manifest = entry.manifest
    if manifest is None:
        damage = Damage(MANIFEST, None, entry.problem, 0, 0)
        return Checked(entry, (damage,), 0, ())
    damages, read = [*_renamed(entry)], 0
    total = sum(file.documents for file in manifest.files())
    for file in manifest.files():
        damage_found = _check_file(entry.path, file)
        if damage_found:
            damages.append(damage_found)
        read += file.documents
        progress("verify", read, total)
    return Checked(entry, tuple(damages), total, _strangers(entry.path, manifest))


def renamed(entry: Entry) -> str:
    """Return what is wrong with the name of a backup's folder, "" where it has its own."""
    if entry.manifest is None or entry.name == entry.manifest.name:
        return ""
    return (
        f"the folder is called {entry.name}, and this is {entry.manifest.name}: call it so again, "
        "for by the names backups are put in order and removed"
    )


def _renamed(entry: Entry) -> Iterator[Damage]:
    if problem := renamed(entry):
        yield Damage(MANIFEST, None, problem, 0, 0)


def check_or_unfinished(entry: Entry, progress: Progress) -> Checked:
    """Return the same for any folder: what was never finished has nothing to be checked."""
    if entry.state in {State.UNFINISHED, State.BEING_WRITTEN}:
        damage = Damage(MANIFEST, None, f"{entry.state}: {entry.problem}", 0, 0)
        return Checked(entry, (damage,), 0, ())
    return check(entry, progress)


def _check_file(folder: Path, file: DataFile) -> Damage | None:
    path = folder / file.name
    if path.is_symlink() or not path.is_file():
        return Damage(file.name, None, "it is missing", file.documents, 0)
    try:
        return _check_content(path, file)
    except OSError as err:
        reason = f"it cannot be read: {err.strerror or err}"
        return Damage(file.name, None, reason, file.documents, 0)


def _check_content(path: Path, file: DataFile) -> Damage | None:
    first: tuple[int, str] | None = None
    intact, digest = 0, Digest()
    with path.open("rb") as source:
        for block in file.blocks:
            try:
                intact += _check_block(source, block, digest)
            except DamagedBlockError as err:
                first = first or (block.offset, str(err))
    first = first or _check_whole(path, file, intact, digest)
    if first is None:
        return None
    return Damage(file.name, first[0], first[1], file.documents, intact)


def _check_block(source: BinaryIO, block: Block, digest: Digest) -> int:
    documents = list(split(read_block(source, block)))
    if len(documents) != block.documents:
        raise DamagedBlockError(f"{len(documents)} documents instead of {block.documents}")
    for document in documents:
        check_decodes(document)
    for document in documents:
        digest.add(document)
    return len(documents)


def _check_whole(
    path: Path, file: DataFile, documents: int, digest: Digest
) -> tuple[int, str] | None:
    """Compare what only the whole file can show: its size, its hash, and the sums over blocks."""
    size = path.stat().st_size
    if size != file.size_bytes:
        return min(size, file.size_bytes), f"it has {size:,} bytes instead of {file.size_bytes:,}"
    if _sha256(path) != file.sha256:
        return 0, "its SHA-256 differs from the manifest's"
    if documents != file.documents or digest.hexdigest() != file.digest:
        return 0, f"{documents:,} documents do not add up to the manifest's {file.documents:,}"
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _strangers(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    known = {MANIFEST, SEAL, *(file.name for file in manifest.files())}
    return tuple(sorted(path.name for path in folder.iterdir() if path.name not in known))
