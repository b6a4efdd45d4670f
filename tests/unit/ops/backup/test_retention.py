"""Old backups go, and never the last good one of anything."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.backup.folder import entries
from ops.backup.retention import Retention, removable
from tests.support.backups import BEGUN, make_backup
from tests.support.sampling import examples

NOW = BEGUN + timedelta(days=100)


def _gone(root: Path, retention: Retention) -> list[str]:
    return [entry.name for entry in removable(entries(root), retention, NOW)]


def test_the_newest_stay_and_older_ones_go(tmp_path: Path) -> None:
    names = [make_backup(tmp_path, [], at=BEGUN + timedelta(days=d)).name for d in range(5)]
    assert _gone(tmp_path, Retention(newest=2)) == [names[2], names[1], names[0]]
    assert _gone(tmp_path, Retention()) == []


def test_the_last_good_one_stays_however_old(tmp_path: Path) -> None:
    names = [make_backup(tmp_path, [], at=BEGUN + timedelta(days=d)).name for d in range(3)]
    assert _gone(tmp_path, Retention(days=1)) == [names[1], names[0]]


def test_what_either_rule_keeps_is_kept(tmp_path: Path) -> None:
    names = [make_backup(tmp_path, [], at=NOW - timedelta(days=d)).name for d in (0, 2, 4, 6)]
    assert _gone(tmp_path, Retention(newest=1, days=3)) == names[2:]


def test_a_backup_of_one_collection_or_of_redis_stands_for_nothing_else(tmp_path: Path) -> None:
    make_backup(tmp_path, [], at=BEGUN)
    make_backup(tmp_path, [], at=BEGUN + timedelta(days=1), only="events")
    make_backup(tmp_path, [], at=BEGUN + timedelta(days=2), redis=True, mongodb=False)
    assert _gone(tmp_path, Retention(newest=1)) == []


def test_a_damaged_one_neither_counts_nor_goes_and_an_unfinished_one_goes(tmp_path: Path) -> None:
    good = make_backup(tmp_path, [{"_id": 1}], at=BEGUN)
    bad = make_backup(tmp_path, [{"_id": 1}], at=BEGUN + timedelta(days=1))
    (bad / "mongodb-001-events.bson.gz").unlink()
    left = tmp_path / "20260601T000000Z-0000.partial"
    left.mkdir()
    assert _gone(tmp_path, Retention(newest=1)) == [left.name]
    assert good.is_dir()


def test_a_backup_that_lost_its_manifest_is_left_to_a_person(tmp_path: Path) -> None:
    bad = make_backup(tmp_path, [{"_id": 1}], at=BEGUN)
    (bad / "manifest.json").unlink()
    make_backup(tmp_path, [{"_id": 1}], at=BEGUN + timedelta(days=1))
    assert _gone(tmp_path, Retention(newest=1)) == []


@examples(25)
@given(
    ages=st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True),
    newest=st.none() | st.integers(1, 9),
    days=st.none() | st.integers(1, 400),
)
def test_something_good_always_stays(
    tmp_path_factory: pytest.TempPathFactory, ages: list[int], newest: int | None, days: int | None
) -> None:
    root = tmp_path_factory.mktemp("kept")
    for age in ages:
        make_backup(root, [], at=NOW - timedelta(hours=age))
    gone = _gone(root, Retention(newest, days))
    assert len(gone) <= len(ages) - min(newest or 1, len(ages))
