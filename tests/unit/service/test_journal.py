"""Log files that are moved away are left to whoever moved them, and new ones are begun."""

import asyncio
import errno
import json
import os
from pathlib import Path

import pytest

from service.observe import journal as journal_module
from service.observe.accessline import kind_text
from service.observe.journal import ERRORS, EVERYTHING, PERFORMANCE, Journal


async def _until(condition: object, what: str) -> None:
    for _ in range(400):
        if condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.02)
    raise AssertionError(what)


def _reasons(path: Path) -> list[str]:
    return [json.loads(line)["reason"] for line in path.read_text().splitlines()]


async def test_a_log_that_was_renamed_or_removed_is_opened_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path, on_drop=lambda _count: None)
    journal.start()
    try:
        journal.event("ERROR", "mode", reason="first")
        await _until(lambda: (tmp_path / ERRORS).stat().st_size, "the first line is written")
        for name in (EVERYTHING, ERRORS):
            (tmp_path / name).rename(tmp_path / f"old-{name}")
        # Also a service that has nothing to say lets go of what was moved.
        await _until((tmp_path / EVERYTHING).exists, "a new file is begun")
        journal.event("ERROR", "mode", reason="second")
        await _until(lambda: (tmp_path / ERRORS).stat().st_size, "the second line is written")
        (tmp_path / ERRORS).unlink()
        journal.event("ERROR", "mode", reason="third")
    finally:
        await journal.stop()
    assert _reasons(tmp_path / f"old-{ERRORS}") == ["first"]
    assert _reasons(tmp_path / ERRORS) == ["third"]
    assert _reasons(tmp_path / EVERYTHING) == ["second", "third"]


async def test_lines_go_on_into_the_old_file_where_no_new_one_can_be_made(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    journal = Journal(logs, on_drop=lambda _count: None)
    logs.rename(tmp_path / "moved")
    journal.event("INFO", "mode", reason="still kept")
    await journal.stop()
    assert _reasons(tmp_path / "moved" / EVERYTHING) == ["still kept"]


async def test_a_request_that_failed_stands_in_the_file_of_errors_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path, on_drop=lambda _count: None)
    for status in (200, 404, 500, 503):
        kind = kind_text("GET", "/events", status)
        journal.request((0.0, 0.001, kind, "id", "", "", None), status >= 500)
    await journal.stop()

    def statuses_in(name: str) -> list[int]:
        return [json.loads(line)["status"] for line in (tmp_path / name).read_text().splitlines()]

    assert statuses_in(EVERYTHING) == statuses_in(PERFORMANCE) == [200, 404, 500, 503]
    assert statuses_in(ERRORS) == [500, 503]


async def test_a_service_with_nothing_to_say_says_that_it_is_alive_and_a_busy_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "HEARTBEAT_S", 0.5)
    journal, log = Journal(tmp_path, on_drop=lambda _count: None), tmp_path / EVERYTHING
    journal.start()
    try:
        await _until(lambda: log.read_text().count('"alive"') >= 2, "it says so again and again")
    finally:
        await journal.stop()
    assert not (tmp_path / PERFORMANCE).read_text()
    monkeypatch.setattr(journal_module, "HEARTBEAT_S", 600.0)
    busy = Journal(tmp_path / "busy", on_drop=lambda _count: None)
    busy.start()
    try:
        busy.event("INFO", "mode", reason="only this")
        await _until(lambda: (tmp_path / "busy" / EVERYTHING).stat().st_size, "it is written")
    finally:
        await busy.stop()
    assert _reasons(tmp_path / "busy" / EVERYTHING) == ["only this"]


async def test_lines_for_which_the_disk_has_no_room_are_counted(tmp_path: Path) -> None:
    (tmp_path / ERRORS).symlink_to("/dev/full")
    dropped: list[int] = []
    journal = Journal(tmp_path, on_drop=dropped.append)
    for number in range(5):
        journal.event("ERROR", "mode", reason=str(number))
    journal.event("INFO", "mode", reason="is in no file of errors")
    await journal.stop()
    assert sum(dropped) == 5
    assert len(_reasons(tmp_path / EVERYTHING)) == 6


async def test_a_line_that_was_broken_off_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[int] = []
    journal = Journal(tmp_path, on_drop=dropped.append)
    room = [30]

    def write(handle: int, data: memoryview) -> int:
        if handle not in journal._files or len(data) <= room[0]:
            return _write(handle, data)
        if not room[0]:
            raise OSError(errno.ENOSPC, "no room")
        taken, room[0] = room[0], 0
        return _write(handle, data[:taken])

    _write = os.write
    monkeypatch.setattr("service.observe.journal.os.write", write)
    journal.event("INFO", "mode", reason="broken off")
    await journal._flush()
    room[0] = 10_000
    journal.event("INFO", "mode", reason="whole")
    await journal.stop()
    assert sum(dropped) == 1
    first, second = (tmp_path / EVERYTHING).read_text().splitlines()
    assert len(first) == 30
    assert json.loads(second)["reason"] == "whole"
