"""What an image is made of: read from its files, judged, and written down."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from ops.checks.finding import Finding, State
from ops.maintenance.audit import Known
from ops.supply.content import Content, differing, read_archive
from ops.supply.licences import is_refused
from ops.supply.look import judge
from ops.supply.packages import of_python
from ops.supply.sbom import bill_of
from ops.supply.scanner import Scan, scan

DPKG = """Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u10

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
"""
SITE = "opt/calendar/lib/python3.11/site-packages"
NOTHING = Scan("trivy", (), ())


def metadata(name: str, version: str = "1.0", *more: str) -> str:
    return "\n".join(
        ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *more, "", ""]
    )


def archive(files: dict[str, str], *, mtime: int = 0, user: str = "10001") -> Content:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for path, text in {"var/lib/dpkg/status": DPKG, **files}.items():
            member = tarfile.TarInfo(path)
            member.size, member.mtime = len(text.encode()), mtime
            made.addfile(member, io.BytesIO(text.encode()))
    stream.seek(0)
    return read_archive("calendar-sre/service:x", stream, user)


def found(content: Content, scanned: Scan | str = NOTHING) -> dict[str, Finding]:
    return {one.subject: one for one in judge(content, scanned, None)}


GOOD = {f"{SITE}/fastapi-1.dist-info/METADATA": metadata("FastAPI", "1", "License-Expression: MIT")}


def test_packages_are_those_of_python_and_those_that_debian_has_installed() -> None:
    purls = [one.purl for one in archive(GOOD).packages]
    assert purls == ["pkg:deb/debian/libc6@2.36-9+deb12u10?arch=amd64", "pkg:pypi/fastapi@1"]


def test_an_image_with_nothing_wrong_passes_and_without_a_scanner_it_is_not_known() -> None:
    assert {one.state for one in found(archive(GOOD)).values()} == {State.PASS, State.INFO}
    said = found(archive(GOOD), "no trivy or grype on PATH")["known vulnerabilities"]
    assert said.state is State.NO_DATA


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("usr/bin/gcc", True), ("usr/bin/x86_64-linux-gnu-gcc-12", True), ("usr/bin/c++", True),
     ("usr/lib/gcc/x86_64-linux-gnu/12/cc1", True), ("usr/local/bin/clang-19", True),
     ("usr/bin/make", True), ("usr/bin/ld.bfd", True), ("usr/bin/ld.so", False),
     ("usr/bin/gcc-ranges", False), ("usr/share/doc/gcc/as", False), ("usr/bin/ldd", False),
     ("opt/calendar/bin/python3", False), (f"{SITE}/x/make.py", False)],
)  # fmt: skip
def test_a_compiler_is_found_wherever_it_is_and_nothing_else_is_one(
    path: str,
    is_one: bool,  # noqa: FBT001
) -> None:
    said = found(archive({**GOOD, path: ""}))["compilers"]
    assert (said.state is State.FAIL) is is_one


@pytest.mark.parametrize("user", ["", "0", "root", "root:root", "0:10"])
def test_an_image_that_runs_as_root_fails(user: str) -> None:
    assert found(archive(GOOD, user=user))["user"].state is State.FAIL


@pytest.mark.parametrize(
    ("licence", "wanted"),
    [("MIT", False), ("GPL-2.0-only", True), ("AGPL-3.0-or-later", True), ("LGPL-3.0-only", False),
     ("GNU General Public License v3 (GPLv3)", True), ("MIT OR GPL-2.0", False),
     ("GPL-2.0 OR AGPL-3.0", True), ("GPL-2.0-only AND CC-BY-4.0", True), ("MPL-2.0", False),
     ("SSPL-1.0", True), ("BSD-3-Clause AND MIT", False), ("Business Source License 1.1", True),
     ("GNU Lesser General Public License v2", False)],
)  # fmt: skip
def test_a_licence_is_refused_when_no_alternative_of_it_may_be_used(
    licence: str,
    wanted: bool,  # noqa: FBT001
) -> None:
    assert is_refused(licence) is wanted


def test_the_stand_in_is_let_through_where_our_code_is_not_and_nowhere_else() -> None:
    copyleft = "License-Expression: GPL-2.0-only"
    ours = {f"{SITE}/secantusdb-1.dist-info/METADATA": metadata("secantusdb", "1", copyleft)}
    apart = {
        "opt/mongodb/lib/secantusdb-1.dist-info/METADATA": metadata("secantusdb", "1", copyleft)
    }
    other = {"opt/mongodb/lib/other-1.dist-info/METADATA": metadata("other", "1", copyleft)}
    assert found(archive(ours))["licences"].state is State.FAIL
    assert found(archive(apart))["licences"].state is State.PASS
    assert "secantusdb" in found(archive(apart))["a process of its own"].value
    assert found(archive({**apart, **other}))["licences"].state is State.FAIL


def test_a_licence_that_nobody_states_is_not_known_unless_its_text_is_there() -> None:
    bare = {f"{SITE}/x-1.dist-info/METADATA": metadata("x")}
    assert found(archive(bare))["licences"].state is State.NO_DATA
    for text, state in (
        ("MIT License\n\nCopyright", State.PASS),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3", State.FAIL),
        ("All mine.", State.NO_DATA),
    ):
        with_text = {**bare, f"{SITE}/x-1.dist-info/licenses/LICENSE.txt": text}
        assert found(archive(with_text))["licences"].state is state, text


def test_classifiers_and_short_names_count_where_there_is_no_expression() -> None:
    (one,) = of_python(metadata("A_b", "2", "Classifier: License :: OSI Approved :: MIT License"))
    assert (one.name, one.licences, one.is_spdx) == ("a-b", ("MIT License",), False)
    (short,) = of_python(metadata("a", "2", "License: BSD-3-Clause"))
    assert short.licences == ("BSD-3-Clause",)
    assert list(of_python("Name: only")) == []


def test_the_same_files_are_the_same_whenever_they_were_made_and_a_changed_byte_is_named() -> None:
    one, later = archive(GOOD), archive(GOOD, mtime=1_700_000_000)
    assert (one.digest, differing(one, later)) == (later.digest, [])
    changed = archive({**GOOD, "etc/motd": "x"})
    assert differing(one, changed) == ["etc/motd"]
    (said,) = [each for each in judge(one, NOTHING, changed) if each.subject == "same files"]
    assert said.state is State.FAIL
    assert "etc/motd" in said.value
    assert bill_of(one) == bill_of(later)
    assert bill_of(one) != bill_of(changed)


TRIVY = {"Results": [{"Class": "os-pkgs", "Vulnerabilities": [
    {"PkgName": "libc6", "InstalledVersion": "2.36", "VulnerabilityID": "CVE-1", "Severity": "HIGH",
     "FixedVersion": "2.37"}]}]}  # fmt: skip
GRYPE = {"distro": {"name": "debian"}, "matches": [
    {"artifact": {"name": "libc6", "version": "2.36"},
     "vulnerability": {"id": "CVE-2", "severity": "Low", "fix": {"versions": []}}}]}  # fmt: skip


def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, script: str) -> Scan | str:
    """Return what a program of that name makes of an image."""
    path = tmp_path / tool
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return scan("image", timeout_s=60)


@pytest.mark.parametrize(
    ("tool", "answer", "state"),
    [("trivy", TRIVY, State.FAIL), ("grype", GRYPE, State.WARN),
     ("trivy", {"Results": [{"Class": "os-pkgs"}]}, State.PASS),
     ("grype", {"distro": {"name": "debian"}, "matches": []}, State.PASS),
     ("trivy", {"Results": []}, State.NO_DATA), ("grype", {"matches": []}, State.NO_DATA),
     ("trivy", {}, State.NO_DATA)],
)  # fmt: skip
def test_what_a_scanner_says_is_believed_when_it_has_looked(
    tool: str, answer: object, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = scanned(tmp_path, monkeypatch, tool, f"cat <<'X'\n{json.dumps(answer)}\nX")
    assert found(archive(GOOD), said)["known vulnerabilities"].state is state


@pytest.mark.parametrize("script", ["echo 'no database' >&2; exit 1", "echo '{'", "exit 0"])
def test_a_scanner_that_fails_is_no_pass(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(scanned(tmp_path, monkeypatch, "trivy", script), str)


def test_a_hole_is_named_with_what_mends_it() -> None:
    hole = Known("libc6", "2.36", "CVE-1", ("2.37",))
    said = found(archive(GOOD), Scan("trivy", (hole,), (hole,)))["known vulnerabilities"]
    assert said.value == "1 grave of 1: libc6 2.36: CVE-1, fixed in 2.37"
