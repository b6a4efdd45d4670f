"""The lock is renewed on a branch, by uv itself, and the checkout stays as it is."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from sre.running import run
from tests.support.tool_environments import tools_bin

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["zeta", "eta"]\n'


def _git(checkout: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", checkout, *words], capture_output=True, text=True, check=True
    )
    return done.stdout


def _wheel(folder: Path, name: str, version: str) -> None:
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout with a lock of the first versions, and wheels of those and of newer."""
    monkeypatch.setenv("PATH", str(tools_bin("uv")), prepend=":")
    monkeypatch.setenv("HOME", str(tmp_path))
    wheels, checkout = tmp_path / "wheels", tmp_path / "shop"
    wheels.mkdir()
    checkout.mkdir()
    for name in ("zeta", "eta"):
        _wheel(wheels, name, "1.0")
    _git(checkout, "init", "--quiet", "--initial-branch", "main")
    for key, value in (("user.name", "Ann"), ("user.email", "ann@shop.example")):
        _git(checkout, "config", key, value)
    (checkout / "pyproject.toml").write_text(PROJECT)
    (checkout / "requirements.lock").touch()
    _git(checkout, "add", ".")
    _git(checkout, "commit", "--quiet", "-m", "a shop")
    assert run([*_update(checkout), "--branch", "first"]) == 0
    _git(checkout, "merge", "--quiet", "first")
    for name in ("zeta", "eta"):
        _wheel(wheels, name, "2.0")
    return checkout


def _update(checkout: Path) -> list[str]:
    wheels = checkout.parent / "wheels"
    return ["maintain", "update", "--checkout", str(checkout), "--find-links", str(wheels)]


@pytest.mark.thorough
def test_a_branch_raises_what_is_newer_and_the_checkout_stays_as_it_is(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "pyproject.toml").write_text("# being edited\n")
    before = (shop / "requirements.lock").read_text()
    capsys.readouterr()
    assert run([*_update(shop), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["branch"] == "dependencies"
    assert {one["name"]: (one["before"], one["after"]) for one in told["changes"]} == {
        "zeta": ("1.0", "2.0"),
        "eta": ("1.0", "2.0"),
    }
    new = _git(shop, "show", "dependencies:requirements.lock")
    assert "zeta==2.0" in new
    assert "sha256:" in new
    assert str(shop.parent) not in new
    assert "zeta 1.0 → 2.0" in _git(shop, "log", "-1", "--format=%B", "dependencies")
    assert (shop / "requirements.lock").read_text() == before
    assert (shop / "pyproject.toml").read_text() == "# being edited\n"
    assert len(_git(shop, "worktree", "list").splitlines()) == 1


@pytest.mark.thorough
def test_one_package_alone_is_raised_where_it_is_named(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*_update(shop), "--package", "eta", "--branch", "eta"]) == 0
    assert "eta 1.0 → 2.0" in capsys.readouterr().out
    assert "zeta==1.0" in _git(shop, "show", "eta:requirements.lock")


@pytest.mark.thorough
def test_where_nothing_is_newer_or_nobody_can_resolve_no_branch_is_left(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(_update(shop)) == 0
    _git(shop, "merge", "--quiet", "dependencies")
    assert run([*_update(shop), "--branch", "again"]) == 0
    assert "nothing is newer" in capsys.readouterr().out
    assert run([*_update(shop), "--branch", "main"]) == 2
    assert "'main' already exists" in capsys.readouterr().err
    for wheel in (shop.parent / "wheels").glob("zeta-*"):
        wheel.unlink()
    assert run([*_update(shop), "--branch", "broken"]) == 3
    assert "zeta" in capsys.readouterr().err
    branches = _git(shop, "branch", "--format", "%(refname:short)").split()
    assert sorted(branches) == ["dependencies", "first", "main"]


@pytest.mark.thorough
def test_a_package_that_no_lock_has_is_refused_and_not_called_new_enough(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*_update(shop), "--package", "etaa", "--package", "Zeta<2"]) == 2
    assert "requirements.lock pins no etaa" in capsys.readouterr().err
    assert "dependencies" not in _git(shop, "branch")


@pytest.mark.thorough
def test_the_lock_of_the_checkout_is_renewed_and_not_one_further_up(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = shop / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text(PROJECT.replace('"zeta", ', ""))
    (inner / "requirements.lock").touch()
    wheels = ["--find-links", str(shop.parent / "wheels")]
    update = ["maintain", "update", "--checkout", str(inner), *wheels]
    assert run(update) == 2
    assert "is in no commit" in capsys.readouterr().err
    _git(shop, "add", "inner")
    _git(shop, "commit", "--quiet", "-m", "a shop in the shop")
    assert run(update) == 0
    assert _git(shop, "diff", "--name-only", "main", "dependencies").split() == [
        "inner/requirements.lock"
    ]


@pytest.mark.thorough
def test_without_uv_it_is_said_what_to_install(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert run(_update(shop)) == 3
    assert "pip install uv" in capsys.readouterr().err
