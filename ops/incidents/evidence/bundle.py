"""A bundle as a file: the same parts always give the same bytes, and any change is noticed."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.edge.writing import unwritable
from kit.pure.errors import BadInputError, RefusedError
from kit.pure.json_values import JsonMapping, JsonObject, from_json
from kit.pure.schema_ids import of_later_release
from ops.incidents.evidence.part import Missing, Part

SCHEMA: Final = "calendar-sre/evidence/v1"
MANIFEST: Final = "manifest.json"
SEAL: Final = ".sha256"
_MODE: Final = 0o600
_MOST_BYTES: Final = 2**30
_CHUNK: Final = 2**20
_GZIP: Final = b"\x1f\x8b"
_DAMAGE: Final = (OSError, EOFError, zlib.error)
"""What unpacking raises."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A bundle on disk: its SHA-256, its size, and its manifest."""

    path: Path
    sha256: str
    size_bytes: int
    manifest: JsonMapping


def manifest_of(
    parts: Sequence[Part], missing: Sequence[Missing], about: JsonMapping
) -> JsonObject:
    """Return what a bundle says of itself: each part with its SHA-256, and what it lacks."""
    listed = [
        {
            "path": part.path,
            "sha256": _sha256(part.text.encode()),
            "bytes": len(part.text.encode()),
            "source": part.source,
        }
        for part in sorted(parts, key=lambda part: part.path)
    ]
    lacks = [{"source": m.source, "why": m.why} for m in sorted(missing, key=lambda m: m.source)]
    return {"schema": SCHEMA, **about, "parts": listed, "missing": lacks}


def packed(parts: Sequence[Part], manifest: JsonMapping, mtime_s: int) -> bytes:
    """Return the bundle's bytes, the same for the same parts; `mtime_s` dates every member."""
    files = {part.path: part.text.encode() for part in parts}
    files[MANIFEST] = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(files):
            member = tarfile.TarInfo(f"evidence/{name}")
            member.size, member.mtime, member.mode = len(files[name]), mtime_s, _MODE
            tar.addfile(member, io.BytesIO(files[name]))
    return gzip.compress(inner.getvalue(), mtime=mtime_s)


def check_free(path: Path) -> None:
    """Raise RefusedError when a bundle, or the seal of one, is there already."""
    for place in (path, _seal_of(path)):
        if place.exists():
            raise RefusedError(
                f"{place} is there already, and evidence is never written over",
                hint="give another name",
            )


def keep(path: Path, content: bytes) -> str:
    """Write a bundle, whole or not at all and for its owner only; return its SHA-256.

    Beside it goes the seal, a file that `sha256sum --check` understands. Raises RefusedError when
    something is there already: evidence is never written over.
    """
    check_free(path)
    digest = _sha256(content)
    _write(path, content)
    _write(_seal_of(path), f"{digest}  {path.name}\n".encode())
    return digest


def _write(path: Path, content: bytes) -> None:
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".evidence-", delete=False) as out:
            temporary = Path(out.name)  # made with mode 0600
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(temporary, path)  # unlike a rename it never replaces what came meanwhile
    except FileExistsError as err:
        raise RefusedError(f"{path} is there already", hint="give another name") from err
    except OSError as err:
        raise unwritable(path, err) from err
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def verify(path: Path, sha256: str | None = None) -> tuple[Kept, list[str]]:
    """Return a bundle and what is wrong with it; nothing is unpacked.

    It is held against `sha256` when given, else against the seal beside it when there is one, and
    each part against the manifest. Raises BadInputError when it is no bundle at all, and never was
    one: of a bundle that was cut or damaged it says that it cannot be read.
    """
    content = _read(path)
    digest, wrong = _sha256(content), []
    wanted = sha256 or _sealed(path)
    if wanted is not None and wanted.lower() != digest:
        wrong.append(f"the file has SHA-256 {digest}, not {wanted.lower()}")
    if cut := _cut(content):
        wrong.append(f"it cannot be read to its end: {cut}")
    try:
        files, odd = _members(content)
        manifest: JsonObject = from_json(files.pop(MANIFEST))
        listed = {part["path"]: part["sha256"] for part in manifest["parts"]}
        known = manifest["schema"] == SCHEMA
    except (*_DAMAGE, tarfile.TarError, ValueError, KeyError, TypeError) as err:
        if wrong:
            return Kept(path, digest, len(content), {}), wrong
        raise BadInputError(
            f"{path} is no bundle of evidence: {err}", hint="sre incident evidence makes one"
        ) from err
    wrong += odd + _differences(files, listed)
    if not known:
        schema = manifest["schema"]
        wrong.append(of_later_release(schema, SCHEMA) or f"schema {schema!r} is not {SCHEMA!r}")
    return Kept(path, digest, len(content), manifest), wrong


def _cut(content: bytes) -> str:
    """Return why a packed file cannot be unpacked to its end; "" when it can, or is none."""
    if not content.startswith(_GZIP):
        return "it ends at once" if _GZIP.startswith(content) else ""
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            while packed.read(_CHUNK):
                pass
    except _DAMAGE as err:
        return str(err)
    return ""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise BadInputError(
            f"cannot read {path}: {err.strerror or err}", hint="name a bundle"
        ) from err


def is_sealed(path: Path) -> bool:
    """Return whether the seal of a bundle lies beside it."""
    return _sealed(path) is not None


def _sealed(path: Path) -> str | None:
    try:
        words = _seal_of(path).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return None
    return words[0] if words else ""


def _seal_of(path: Path) -> Path:
    return path.with_name(path.name + SEAL)


def _members(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a bundle by path, and what no bundle of ours has."""
    files: dict[str, bytes] = {}
    odd, size = [], 0
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        for member in tar:
            size += member.size
            if size > _MOST_BYTES:
                raise tarfile.ReadError("it unpacks to more than a gibibyte")
            name = member.name.removeprefix("evidence/")
            inner = tar.extractfile(member) if member.isfile() else None
            if inner is None or name in files or name == member.name:
                odd.append(f"{member.name} does not belong in a bundle")
            else:
                files[name] = inner.read()
    return files, odd


def _differences(files: Mapping[str, bytes], listed: Mapping[str, str]) -> list[str]:
    gone = [f"{name} is missing" for name in sorted(listed.keys() - files.keys())]
    added = [f"{name} was added" for name in sorted(files.keys() - listed.keys())]
    changed = [
        f"{name} was changed"
        for name in sorted(files.keys() & listed.keys())
        if _sha256(files[name]) != listed[name]
    ]
    return gone + added + changed


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
