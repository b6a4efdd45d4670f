"""What is installed is whole, and the directions of imports are really guarded."""

import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from service.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("service", "slo", "synthetic", "alerts", "dashboards", "reports", "ops")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        return archive.namelist()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_says_that_each_package_is_typed(package: str, wheel: list[str]) -> None:
    assert f"{package}/py.typed" in wheel


@pytest.mark.parametrize("suffix", [".yaml", ".jsonl", ".md", ".json"])
def test_the_wheel_holds_the_data_that_the_packages_read(suffix: str, wheel: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    expected = {name for name in tracked if name.endswith(suffix)}
    assert expected <= set(wheel)


FORBIDDEN = {
    "service/settings.py": "import slo",
    "slo/verdict.py": "import alerts",
    "slo/objective.py": "import socket",
    "service/parsing/model.py": "import time",
    "alerts/__init__.py": "import reports",
    "synthetic/__init__.py": "import service",
}


def test_each_import_in_a_forbidden_direction_breaks_the_check(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in FORBIDDEN.items():
        broken = tmp_path / file
        broken.write_text(f"{broken.read_text()}\n{line}\n")
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    checked = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 1, checked.stdout
    assert "4 broken" in checked.stdout
    for file, line in FORBIDDEN.items():
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        named = f"{module} -> {line.removeprefix('import ')}"
        assert named in checked.stdout, checked.stdout


def test_the_service_says_the_version_that_is_installed() -> None:
    assert Settings().version == metadata.version("calendar-sre")
