"""A backup of an earlier release is verified, and restored into real servers."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import redis
from pymongo import MongoClient

from tests.compat import product
from tests.compat.frozen import RELEASES
from tests.compat.test_store import documents_of


@pytest.fixture(params=RELEASES, ids=lambda release: release.name)
def release(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def backups(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release / "backup", tmp_path / "backups"))


def test_it_is_listed_and_verified(backups: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert product.run(["backup", "verify", "--backup-dir", str(backups), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"]
    product.run(["backup", "list", "--backup-dir", str(backups), "--json"])  # it is old: exit 1
    (entry,) = json.loads(capsys.readouterr().out)["backups"]
    assert entry["state"] == "ok"


def test_all_of_it_is_restored_as_it_was(
    release: Path,
    backups: Path,
    mongodb_url: str,
    redis_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = ["--mongodb-url", mongodb_url, "--redis-url", redis_url, "--backup-dir", str(backups)]
    code = product.run(["backup", "restore", "all", "--force", "--json", *where])
    told = capsys.readouterr()
    assert code == 0, told
    restored = json.loads(told.out)["redis"]
    with MongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as client:
        database = client.get_default_database()
        for name, rows in documents_of(release).items():
            found = {row["_id"]: row for row in database[name].find({})}
            if name != "idempotency":  # a server forgets those that are a day old
                assert found == {row["_id"]: row for row in rows}, name
        assert "by_uid" in database["events"].index_information()
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() <= restored["keys"]
    assert restored["keys"] + restored["expired"] == _redis_keys(backups)  # answers last an hour


def _redis_keys(backups: Path) -> int:
    (manifest,) = backups.glob("*/manifest.json")
    return int(sum(json.loads(manifest.read_text(encoding="utf-8"))["redis"]["types"].values()))


def test_one_of_a_later_release_is_named_and_what_to_do_with_it(
    backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (manifest,) = backups.glob("*/manifest.json")
    text = manifest.read_text(encoding="utf-8").replace("/backup/v1", "/backup/v7")
    manifest.write_text(text, encoding="utf-8")
    manifest.with_suffix(".sha256").write_bytes(product.seal_of(text.encode()))
    assert product.run(["backup", "verify", "--backup-dir", str(backups)]) == 1
    told = capsys.readouterr()
    assert "calendar-sre/backup/v7" in told.out + told.err
    assert "a later release" in told.out + told.err
