"""Packages as Python and Debian write down what is installed, with their licences."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from urllib.parse import quote

from packaging.utils import canonicalize_name

_LONGEST = 80
"""A longer text in `License` is the licence itself, not its name."""

_TITLES = (
    ("GNU AFFERO GENERAL PUBLIC LICENSE", "AGPL"),
    ("GNU LESSER GENERAL PUBLIC LICENSE", "LGPL"),
    ("GNU GENERAL PUBLIC LICENSE", "GPL"),
    ("Mozilla Public License", "MPL-2.0"),
    ("Apache License", "Apache-2.0"),
    ("MIT License", "MIT"),
    ("The MIT License", "MIT"),
    ("BSD 3-Clause License", "BSD-3-Clause"),
    ("BSD 2-Clause License", "BSD-2-Clause"),
)


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A package; `licences` are alternatives or "" unknown, an SPDX expression if `is_spdx`."""

    kind: str
    name: str
    version: str
    licences: tuple[str, ...] = ()
    is_spdx: bool = False
    architecture: str = ""

    @property
    def purl(self) -> str:
        """Return its package URL (https://github.com/package-url/purl-spec)."""
        name, version = quote(self.name, safe="+"), quote(self.version, safe="+:~")
        if self.kind == "pypi":
            return f"pkg:pypi/{name}@{version}"
        return f"pkg:deb/debian/{name}@{version}?arch={self.architecture}"


def of_python(metadata: str) -> Iterator[Package]:
    """Yield the distribution of a METADATA file (Core metadata, PEP 639 and before)."""
    headers = HeaderParser().parsestr(metadata)
    name, version = headers.get("Name"), headers.get("Version")
    if not name or not version:
        return
    stated = (headers.get("License") or "").strip()
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in headers.get_all("Classifier", [])
        if one.startswith("License :: ") and not one.endswith("OSI Approved")
    ]
    expression = (headers.get("License-Expression") or "").strip()
    short = [stated] if stated and len(stated) <= _LONGEST and "\n" not in stated else []
    licences = [expression] if expression else (classifiers or short)
    plain = str(canonicalize_name(name))
    yield Package("pypi", plain, version, tuple(licences), is_spdx=bool(expression))


def named_in(text: str) -> str:
    """Return which licence a LICENSE file is, by its title; "" for one that we do not know."""
    title = " ".join(text[:400].split())
    return next((name for words, name in _TITLES if words in title), "")


def of_debian(status: str) -> Iterator[Package]:
    """Yield the packages of a dpkg status file that are installed."""
    for block in status.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != " "
        )
        if fields.get("Status", "").endswith(" installed"):
            yield Package(
                "deb", fields["Package"], fields["Version"], architecture=fields["Architecture"]
            )
