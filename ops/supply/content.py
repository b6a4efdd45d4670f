"""The files and packages of an image, read from the engine without running it."""

import hashlib
import io
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Final

from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import UnreachableError
from ops.supply.packages import Package, named_in, of_debian, of_python

_MADE_BY_ENGINE: Final = re.compile(
    r"(\.dockerenv|etc/(hostname|hosts|resolv\.conf|mtab)|(dev|proc|sys)(/.*)?)$"
)
_COMPILER: Final = re.compile(
    r"(?:^|/)(?:s?bin|(?:lib|libexec)/gcc\S*)/(?:[a-z0-9_]+-linux-[a-z0-9]+-)?"
    r"(?:gcc|g\+\+|cc|c\+\+|c89|c99|cc1|cc1plus|cpp|clang|clang\+\+|tcc|ld|ld\.(?:bfd|gold|lld)|as|"
    r"rustc|cargo|go|make)"
    r"(?:-[0-9.]+)?$"
)
_METADATA: Final = re.compile(r"\.(?:dist-info/METADATA|egg-info/PKG-INFO)$")
_LICENCE: Final = re.compile(r"\.dist-info/(?:licenses/)?(?:LICENSE|LICENCE|COPYING)[^/]*$")
_DPKG: Final = "var/lib/dpkg/status"
_PROJECT: Final = "opt/calendar/"


@dataclass(frozen=True, slots=True)
class Content:
    """What an image holds.

    `files` has a line for each path (kind, mode, owner, and the SHA-256 of what is in it), without
    times; `compilers` are paths; `user` is who it runs as, "" for root.
    """

    reference: str
    files: Mapping[str, str]
    packages: tuple[Package, ...]
    compilers: tuple[str, ...]
    user: str

    @property
    def digest(self) -> str:
        """Return a SHA-256 over all files; the same for two images with the same files."""
        lines = "\n".join(f"{path} {line}" for path, line in sorted(self.files.items()))
        return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def has_project(self) -> bool:
        """Say whether our own code is in it."""
        return any(path.startswith(_PROJECT) for path in self.files)


def differing(one: Content, other: Content) -> list[str]:
    """Return the paths whose content, mode or owner is not the same in both."""
    paths = one.files.keys() | other.files.keys()
    return sorted(path for path in paths if one.files.get(path) != other.files.get(path))


def read_image(reference: str, *, timeout_s: float) -> Content:
    """Return what an image of the engine holds; raises UnreachableError where it has none."""
    user = _said("image", "inspect", "--format", "{{.Config.User}}", reference)
    made = _said("container", "create", "--network", "none", reference, "x")
    try:
        command = ["docker", "container", "export", made]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as export:
            try:
                content = read_archive(reference, export.stdout or io.BytesIO(), user)
                export.wait(timeout_s)
            except (tarfile.TarError, EOFError, subprocess.TimeoutExpired) as err:
                export.kill()
                raise UnreachableError(f"{reference} cannot be read: {err}") from err
        if export.returncode != 0:
            raise UnreachableError(f"{reference} was not read to its end")
    finally:
        docker("container", "rm", "--force", made)
    return content


def read_archive(reference: str, stream: IO[bytes], user: str) -> Content:
    """Return what a tar stream of a whole file system holds."""
    files, compilers, texts = dict[str, str](), list[str](), dict[str, str]()
    system, python = list[Package](), dict[str, Package]()
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=2) as archive:
        for path, member, data in _members(archive):
            files[path] = _line(member, data)
            if (member.isfile() or member.issym()) and _COMPILER.search(path):
                compilers.append(path)
            if path == _DPKG:
                system += of_debian(data.decode("utf-8", "replace"))
            elif _METADATA.search(path):
                folder = path.rpartition("/")[0]
                for package in of_python(data.decode("utf-8", "replace")):
                    python[folder] = package
            elif _LICENCE.search(path):
                folder = path.partition(".dist-info/")[0] + ".dist-info"
                texts.setdefault(folder, named_in(data.decode("utf-8", "replace")))
    for folder, one in python.items():
        if not one.licences and texts.get(folder):
            python[folder] = replace(one, licences=(texts[folder],))
    found = tuple(sorted({*system, *python.values()}))
    return Content(reference, files, found, tuple(sorted(compilers)), user)


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo, bytes]]:
    for member in archive:
        path = member.name.removeprefix("./").rstrip("/")
        if path and not _MADE_BY_ENGINE.match(path):
            opened = archive.extractfile(member) if member.isfile() else None
            yield path, member, opened.read() if opened else b""


def _line(member: tarfile.TarInfo, data: bytes) -> str:
    kind = member.type.decode("ascii", "replace")
    inside = member.linkname or (hashlib.sha256(data).hexdigest() if member.isfile() else "")
    return f"{kind} {member.mode:o} {member.uid}:{member.gid} {inside}"


def _said(*arguments: str) -> str:
    done = docker(*arguments, timeout_s=60)
    if done.returncode != 0:
        raise UnreachableError(
            f"docker {' '.join(arguments[:2])}: {last_line(done.stderr)}",
            hint="is the image here? docker image ls",
        )
    return done.stdout.strip()
