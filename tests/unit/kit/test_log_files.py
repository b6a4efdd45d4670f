"""One way of finding the files of a log, which knows how they are renamed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.edge.log_files import files_of
from ops.maintenance.logs import Limits, steps

NAMES = (
    "calendar-api.log", "calendar-api.log.1", "calendar-api.log.2.gz", "calendar-api.log.gz",
    "calendar-api.log-20261129", "calendar-api-20261129.log", "calendar-api-20261129.log.gz",
    "calendar-api.20261129T101112Z.log", "calendar-api.20261129T101113Z.log.gz",
    "calendar-api.20261129T101112Z-12.log.gz",
)  # fmt: skip
OTHERS = (
    "calendar-api-errors.log", "calendar-api-errors.log.1",
    "calendar-api-errors.20261129T101112Z.log",
    "calendar-api2.log", "calendar-api.log.swp", "calendar-api.txt", "xcalendar-api.log",
    ".calendar-api.20261129T101112Z.log.gz.partial", "calendar-api.log.bak",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_the_log_is_found_under_every_name_it_may_have(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert files_of(tmp_path, "calendar-api.log") == [tmp_path / name]


@pytest.mark.parametrize("name", OTHERS)
def test_another_file_is_not_taken_for_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert files_of(tmp_path, "calendar-api.log") == []


def test_what_stands_there_plain_and_packed_is_read_once(tmp_path: Path) -> None:
    plain = tmp_path / "calendar-api.20261129T101112Z.log"
    for path in (plain, plain.with_name(f"{plain.name}.gz")):
        path.write_text("x")
    assert files_of(tmp_path, "calendar-api.log") == [plain]


def test_what_the_rotation_of_today_makes_is_found(tmp_path: Path) -> None:
    for name in ("calendar-api.log", "calendar-api-errors.log"):
        (tmp_path / name).write_text("x" * 20)
    for step in steps(tmp_path, None, Limits(over_bytes=10, wait_s=30), datetime.now(UTC)):
        step.do()
    (path,) = files_of(tmp_path, "calendar-api.log")
    assert path.suffix == ".gz"
    assert files_of(tmp_path / "nowhere", "calendar-api.log") == []
