"""What is installed is whole, and the directions of imports are really guarded."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from service.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = (
    "kit", "service", "slo", "synthetic", "alerts", "dashboards", "reports", "status", "traces",
    "ops",
    "console", "sre",
)  # fmt: skip
BELOW = "calendar_sre"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_the_wheel_has_one_root_and_each_package_below_it_is_typed(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    roots = {name.partition("/")[0] for name in names}
    assert {root for root in roots if not root.endswith(".dist-info")} == {BELOW}
    assert {f"{BELOW}/{package}/py.typed" for package in PACKAGES} <= set(names)


@pytest.mark.parametrize("suffix", [".yaml", ".jsonl", ".md", ".json", ".css", ".j2", ".tmpl"])
def test_the_wheel_holds_the_data_that_the_packages_read(
    suffix: str, wheel: zipfile.ZipFile
) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    expected = {f"{BELOW}/{name}" for name in tracked if name.endswith(suffix)}
    assert expected
    assert expected <= set(wheel.namelist())


@pytest.fixture
def installed(wheel: zipfile.ZipFile, tmp_path: Path) -> Path:
    """Return a folder with the wheel in it, and beside it a working folder of somebody hostile."""
    wheel.extractall(tmp_path / "site")
    for package in PACKAGES:
        hostile = tmp_path / "work" / package
        hostile.mkdir(parents=True)
        (hostile / "__init__.py").write_text("raise SystemExit('somebody else's package')\n")
    return tmp_path


COMMANDS = (
    ["--version"],
    ["load", "profiles"],
    ["alerts", "build", "--out", "made"],
    ["alerts", "build"],
    ["dashboards", "build"],
    ["load", "run", "smoke", "--target", "http://127.0.0.1:9", "--duration", "1"],
)


@pytest.mark.thorough
def test_an_installed_command_uses_its_own_packages_alone_and_writes_none_of_them(
    installed: Path,
) -> None:
    """Somebody's own `ops` or `reports` lies in the working folder and on PYTHONPATH."""
    site, work = installed / "site", installed / "work"
    before = contents(site)
    code = f"from {BELOW}.sre.main import main; main()"
    for words in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=work,
            env={
                **os.environ,
                "PYTHONPATH": f"{work}:{site}",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == (3 if "run" in words else 0), (words, done.stderr)
        assert "somebody else" not in done.stderr
    assert contents(site) == before
    assert (work / "alerts/generated/calendar.yaml").is_file()
    assert len(list((work / "dashboards/generated").glob("*.json"))) > 3


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FORBIDDEN = {
    "service/settings.py": "import slo",
    "slo/verdict.py": "import alerts",
    "slo/objective.py": "import socket",
    "service/parsing/model.py": "import time",
    "alerts/__init__.py": "import reports",
    "synthetic/__init__.py": "import service",
    "service/store/lru.py": "import service.app",
    "alerts/rule.py": "import alerts.edge.server",
    "kit/pure/errors.py": "import kit.edge.records",
    "ops/checks/finding.py": "import sre.check_screen",
    "dashboards/panel.py": "import reports.period.report",
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
    for file, line in FORBIDDEN.items():
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        named = f"{module} -> {line.removeprefix('import ')}"
        assert named in checked.stdout, checked.stdout


def test_the_service_says_the_version_that_is_installed() -> None:
    assert Settings().version == metadata.version("calendar-sre")
