"""Where a stack lies: below the working folder, unless somebody says otherwise."""

import os
from pathlib import Path

import pytest

from kit.pure.errors import BadInputError, UnreachableError
from ops.stack import home, lifecycle
from ops.stack.home import home_of
from ops.stack.settings import SCHEMA


def test_a_stack_lies_below_the_working_folder_and_its_settings_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(home.VARIABLE, raising=False)
    assert home_of(None).folder == tmp_path / "deployment" / "stack"
    settings = tmp_path / "deployment" / "stack.toml"
    settings.parent.mkdir()
    settings.write_text(f'schema = "{SCHEMA}"\nreplicas = 7\n')
    found = lifecycle.wanted(None, None, stand_in=False, webhook=None)
    assert found.settings.replicas == 7
    monkeypatch.setenv(home.VARIABLE, "elsewhere")
    assert home_of(None).folder == tmp_path / "elsewhere"
    assert home_of(Path("here")).folder == tmp_path / "here"


def test_an_installation_without_a_checkout_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(home, "FILE", tmp_path / "site-packages" / "docker-compose.prod.yml")
    with pytest.raises(UnreachableError, match="is run from a checkout"):
        lifecycle.status(None)
    assert list(tmp_path.iterdir()) == []


def test_servers_that_are_not_root_read_what_they_mount_and_nobody_else_gets_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    stack = home.Home(tmp_path)
    before = os.umask(0o077)
    try:
        stack.make_folders()
        stack.write_secret("proxy/tls.pem", "a certificate")
    finally:
        os.umask(before)
    for inside in ("secrets/proxy", "secrets/alertmanager", "textfile"):
        assert (tmp_path / inside).stat().st_mode & 0o777 == 0o755, inside
    assert (tmp_path / "secrets/proxy/tls.pem").stat().st_mode & 0o777 == 0o444
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_a_file_is_no_folder_of_a_stack(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInputError, match="is no folder of a stack"):
        home_of(tmp_path / "file")
