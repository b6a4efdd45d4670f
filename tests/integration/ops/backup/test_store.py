"""Backups in a store elsewhere come back whole, or it is said why not."""

import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit.pure.errors import BadInputError, RefusedError, UnreachableError
from ops.backup import folder_store, restic_store
from ops.backup.folder import DamagedError, choose
from ops.backup.progress import nobody
from ops.backup.store import Store, fetch, store_at, upload
from sre.running import run
from tests.support.backups import make_backup
from tests.support.json_schemas import keeps_schema
from tests.support.sampling import quick
from tests.support.wanted import command_from_debian

KINDS = ("folder", "restic")


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "key"
    path.write_text("a key of the store\n")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(path))
    for name in ("RESTIC_PASSWORD", "RESTIC_PASSWORD_COMMAND", "RESTIC_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    return path


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, key: Path) -> str:
    """Give the address of an empty store of the kind that the test names."""
    assert key.exists()
    if request.param == "restic":
        command_from_debian("restic")
    return f"{'folder:' if request.param == 'folder' else ''}{tmp_path}/store"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def opened(place: str) -> Store:
    return store_at(place, os.environ)


def content(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(path.iterdir())}


@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_a_backup_comes_back_to_the_byte_from_a_house_that_is_gone(
    place: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make_backup(root, [{"_id": n} for n in range(300)])
    before = content(made)
    assert run(["backup", "upload", "--backup-dir", str(root), "--store", place, "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "backup-uploaded")["name"] == made.name
    shutil.rmtree(root)
    words = ["backup", "fetch", "--backup-dir", str(root), "--store", place, "--json"]
    assert run(words) == 0
    assert keeps_schema(capsys.readouterr().out, "backup-fetched")["documents"] == 300
    assert content(made) == before
    assert run(words) == 0
    assert keeps_schema(capsys.readouterr().out, "backup-fetched")["was_here"]
    assert run(["backup", "audit", "--store", place, "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "backup-audit")["backups"] == [made.name]
    assert not [path for path in root.iterdir() if path.name.endswith(".partial")]


@pytest.mark.parametrize("place", quick(KINDS, first=1), indirect=True)
def test_only_older_ones_go_and_only_once_the_new_one_is_there(place: str, root: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    names = []
    for hours in (3, 2, 1):
        made = make_backup(root, [{"_id": hours}], at=now - timedelta(hours=hours))
        names.append(made.name)
        gone = upload(opened(place), choose(root, made.name, "all"), (), 2, nobody)
        assert gone == names[:-2]
    assert opened(place).names() == names[:0:-1]


@pytest.mark.parametrize("place", quick(KINDS, first=1), indirect=True)
def test_what_newer_ones_do_not_hold_never_goes(place: str, root: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    whole = [make_backup(root, [{"_id": n}], at=now - timedelta(hours=n)) for n in (9, 8)]
    some = [
        make_backup(root, [{"_id": 1}], at=now - timedelta(hours=7), only="events"),
        make_backup(root, [], at=now - timedelta(hours=6), redis=True, mongodb=False),
    ]
    for made in (*whole, *some):
        gone = upload(opened(place), choose(root, made.name, "all"), (), 1, nobody)
        assert gone == ([whole[0].name] if made == whole[1] else [])
    assert opened(place).names() == [some[1].name, some[0].name, whole[1].name]
    older = make_backup(root, [{"_id": 1}], at=now - timedelta(hours=20))
    assert upload(opened(place), choose(root, older.name, "all"), (), 1, nobody) == []
    assert older.name in opened(place).names()


def test_a_copy_that_was_damaged_in_the_store_is_made_good_by_sending_it_again(
    root: Path, tmp_path: Path
) -> None:
    place = f"folder:{tmp_path}/store"
    made = make_backup(root, [{"_id": n} for n in range(300)])
    upload(opened(place), choose(root, made.name, "all"), (), None, nobody)
    (file,) = (tmp_path / "store").glob("*/*.bson.gz")
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    file.write_bytes(raw)
    assert opened(place).audit(read_data=True)
    upload(opened(place), choose(root, made.name, "all"), (), None, nobody)
    assert opened(place).audit(read_data=True) == []


def test_two_paths_of_one_name_beside_a_backup_are_refused_before_one_replaces_the_other(
    root: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "rules").mkdir(parents=True)
    also = [tmp_path / name / "rules" for name in ("a", "b")]
    made = make_backup(root, [{"_id": 1}])
    store = opened(f"folder:{tmp_path}/store")
    with pytest.raises(BadInputError, match="are both called 'rules'"):
        upload(store, choose(root, made.name, "all"), also, None, nobody)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("place", quick(KINDS, first=1), indirect=True)
def test_a_damaged_backup_is_never_sent(place: str, root: Path) -> None:
    made = make_backup(root, [{"_id": 1}])
    file = next(made.glob("*.bson.gz"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedError):
        upload(opened(place), choose(root, made.name, "all"), (), None, nobody)
    assert not (root.parent / "store").exists()


@pytest.mark.parametrize("place", quick(KINDS, first=1), indirect=True)
def test_damage_in_the_store_is_found_and_nothing_damaged_gets_its_name_here(
    place: str, root: Path, tmp_path: Path
) -> None:
    made = make_backup(root, [{"_id": n} for n in range(200)])
    upload(opened(place), choose(root, made.name, "all"), (), None, nobody)
    shutil.rmtree(root)
    rng, store = random.Random(7), tmp_path / "store"
    files = [p for p in store.rglob("*") if p.is_file() and p.stat().st_size > 200
             and p.parts[-2] not in {"keys", "locks"} and p.name != "config"]  # fmt: skip
    file = rng.choice(sorted(files))
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    file.chmod(0o600)
    file.write_bytes(raw)
    assert run(["backup", "audit", "--store", place]) in {1, 3}
    assert run(["backup", "fetch", "--backup-dir", str(root), "--store", place]) in {1, 2, 3}
    assert not list(root.glob("2*Z-0000")) if root.exists() else True


@pytest.mark.thorough
@pytest.mark.parametrize("place", ["restic"], indirect=True)
@pytest.mark.parametrize(
    ("harm", "kind", "words"),
    [
        (lambda key, _store: key.write_text("another\n"), BadInputError, "does not open"),
        (lambda key, _store: key.unlink(), BadInputError, "cannot be read"),
        (lambda _key, store: shutil.rmtree(store), UnreachableError, "no store at"),
    ],
    ids=["wrong key", "lost key", "store gone"],
)
@pytest.mark.thorough
def test_what_keeps_a_store_shut_is_told_apart(
    place: str, root: Path, key: Path, tmp_path: Path,
    harm: Callable[[Path, Path], object], kind: type[Exception], words: str,
) -> None:  # fmt: skip
    made = make_backup(root, [{"_id": 1}])
    upload(opened(place), choose(root, made.name, "all"), (), None, nobody)
    harm(key, tmp_path / "store")
    with pytest.raises(kind, match=words):
        fetch(opened(place), made.name, tmp_path / "elsewhere", nobody)


@pytest.mark.parametrize("place", quick(KINDS, first=1), indirect=True)
def test_what_is_kept_beside_a_backup_is_there_and_goes_with_it(
    place: str, root: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.yaml").write_text("groups: []\n")
    made = make_backup(root, [{"_id": 1}])
    store = opened(place)
    upload(store, choose(root, made.name, "all"), (rules, tmp_path / "key"), None, nobody)
    assert store.names() == [made.name]
    assert store.audit(read_data=True) == []
    with pytest.raises(BadInputError, match="is not there"):
        upload(store, choose(root, made.name, "all"), (tmp_path / "none",), None, nobody)


@pytest.mark.parametrize("place", KINDS[1:], indirect=True)
def test_a_snapshot_without_a_manifest_is_left_to_a_person_and_keeps_no_other_from_going(
    place: str, root: Path
) -> None:
    now, store = datetime(2026, 3, 2, tzinfo=UTC), opened(place)
    made = [make_backup(root, [{"_id": n}], at=now - timedelta(hours=n)) for n in (3, 2)]
    (root / "20260301T000000Z").mkdir()
    (root / "20260301T000000Z/x").write_text("x")
    store.put(root / "20260301T000000Z", ())
    gone = [upload(store, choose(root, each.name, "all"), (), 1, nobody) for each in made]
    assert gone == [[], [made[0].name]]


@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_a_store_that_was_empty_is_called_new_as_its_disk_may_not_be_mounted(
    place: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_backup(root, [{"_id": 1}])
    words = ["backup", "upload", "--backup-dir", str(root), "--store", place, "--json"]
    for is_new in (True, False, True):
        assert run(words) == 0
        said = keeps_schema(capsys.readouterr().out, "backup-uploaded")
        assert said["new_store"] is is_new
        if not is_new:
            (tmp_path / "store").rename(tmp_path / "unmounted")
            (tmp_path / "store").mkdir()


def test_without_restic_a_path_is_plain_folders_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    found = store_at(str(tmp_path / "x"), {})
    assert isinstance(found, folder_store.FolderStore)
    assert "not encrypted" in found.note
    with pytest.raises(UnreachableError, match="needs restic"):
        store_at("s3:host/bucket", {})
    (tmp_path / "config").write_text("of a repository")
    with pytest.raises(UnreachableError, match="needs restic"):
        store_at(str(tmp_path), {})


def test_no_store_without_a_key_and_no_key_on_a_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/restic")
    with pytest.raises(BadInputError, match="no key of the store"):
        store_at("/mnt/x", {})
    with pytest.raises(BadInputError, match="no store is named"):
        store_at("", {})
    found = store_at("/mnt/x", {"RESTIC_PASSWORD": "geheim"})
    assert "geheim" not in repr(found)


def test_a_lock_of_somebody_else_is_refused() -> None:
    said = "unable to create lock in backend: repository is already locked by PID 7 on host"
    assert isinstance(restic_store._known(said, "x"), RefusedError)
