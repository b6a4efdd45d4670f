"""Packages that tests need are installed where that may be done, and named where not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.edge.containers import packages
from kit.edge.containers.packages import PACKAGES, announce_packages, ensure_package
from kit.edge.containers.session import REQUIRE, containers_required
from kit.pure.errors import UnreachableError

APT = """#!/bin/sh
echo "$@" >>"$0.calls"
case "$*" in *--no-download*) for name in "$0".brings/*; do cp "$name" "${0%/*}"; done ;; esac
"""


def install(folder: Path, name: str, script: str = "#!/bin/sh\n") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH but for the shell's own tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "cp"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(packages, "_LIBRARY_OF", {})
    return folder


def test_what_is_there_is_neither_installed_nor_announced(path: Path) -> None:
    for name in PACKAGES:
        install(path, name)
        ensure_package(name)
    said: list[str] = []
    announce_packages(said.append)
    assert said == []


def test_who_may_not_install_learns_what_to_type(path: Path) -> None:
    assert path.is_dir()
    with pytest.raises(UnreachableError, match=r"not installed: kubernetes-client$") as caught:
        ensure_package("kubectl")
    assert caught.value.hint == "apt-get install --no-install-recommends kubernetes-client"


def test_a_browser_without_the_library_of_its_driver_is_not_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(path, "chromium")
    ensure_package("chromium")
    monkeypatch.setattr(packages, "_LIBRARY_OF", {"chromium": "libnowhere.so.1"})
    with pytest.raises(UnreachableError, match="libatomic1"):
        ensure_package("chromium")


def test_only_the_package_that_is_asked_for_is_installed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(path, "apt-get", APT)
    install(path / "apt-get.brings", "chromium")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    announce_packages(said.append)
    (line,) = said
    assert "chromium" in line
    ensure_package("chromium")
    calls = (path / "apt-get.calls").read_text().splitlines()
    assert calls[-1].endswith(
        "install -y --no-install-recommends chromium libatomic1 --no-download"
    )
    assert not any("npm" in call for call in calls)
    ensure_package("chromium")
    assert (path / "apt-get.calls").read_text().splitlines() == calls


ONE_AT_A_TIME = """#!/bin/sh
mkdir "$0.lock" || exit 100
sleep 0.05
rmdir "$0.lock"
"""
INSTALLS = "from kit.edge.containers.base import apt_install; apt_install('chromium')"


def test_two_that_install_at_once_wait_for_each_other(path: Path) -> None:
    """The maker of images and the first test that wants a browser: apt refuses the second."""
    for tool in ("mkdir", "rmdir", "sleep"):
        (path / tool).symlink_to(f"/bin/{tool}")
    install(path, "apt-get", ONE_AT_A_TIME)
    both = [subprocess.Popen((sys.executable, "-c", INSTALLS)) for _ in range(3)]
    assert [one.wait() for one in both] == [0, 0, 0]


@pytest.mark.parametrize(
    ("required", "ci", "wanted"),
    [(None, None, False), (None, "true", True), (None, "false", False), ("1", None, True),
     ("0", "true", False), ("", "true", False), ("1", "false", True)],
)  # fmt: skip
def test_nothing_may_lack_where_it_is_required_or_else_in_ci(
    required: str | None, ci: str | None, monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> None:
    for name, value in ((REQUIRE, required), ("CI", ci)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert containers_required() is wanted
