"""A file is written whole; a place that cannot be written is reported with what to do about it."""

import errno
from pathlib import Path

import pytest

from kit.edge.outputs import check_records, check_writable
from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.exits import exit_of_error


def test_a_file_is_replaced_whole_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    write_whole(path, "old")
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_a_device_is_written_to_and_stays_one() -> None:
    write_whole(Path("/dev/null"), "text")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(UnreachableError, match="cannot write /dev/full") as shown:
        write_whole(Path("/dev/full"), "text")
    assert "full" in shown.value.hint
    assert Path("/dev/full").is_char_device()
    check_writable(Path("/dev/null"))


def test_a_folder_for_records_that_cannot_be_is_reported_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", "/dev/null/runs")
    with pytest.raises(
        BadInputError, match="no record can be kept in /dev/null/runs/load"
    ) as shown:
        check_records("load")
    assert "SRE_RUNS_DIR" in shown.value.hint


def test_the_hint_fits_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path, reason in (
        (Path("/proc/x.html"), "nothing can be made there"),
        (Path("/proc/none/x.html"), "nothing can be made there"),
        (tmp_path / "file" / "x.html", "is a file"),
        (tmp_path / "folder", "is a folder"),
    ):
        with pytest.raises(BadInputError, match="cannot write") as shown:
            write_whole(path, "text")
        assert reason in shown.value.hint, path
        assert "full" not in shown.value.hint, path
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_a_full_and_a_read_only_disk_are_told_apart() -> None:
    full = unwritable(Path("x"), OSError(errno.ENOSPC, "No space left on device"))
    fixed = unwritable(Path("x"), OSError(errno.EROFS, "Read-only file system"))
    assert "full" in full.hint
    assert "read-only" in fixed.hint


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, 3), (errno.EDQUOT, 3), (errno.EFBIG, 3), (errno.EIO, 3), (errno.EROFS, 2),
     (errno.EACCES, 2), (errno.ENOENT, 2), (errno.EISDIR, 2)],
)  # fmt: skip
def test_a_disk_that_takes_no_more_is_out_of_reach_and_a_wrong_place_a_bad_input(
    number: int, code: int
) -> None:
    assert exit_of_error(unwritable(Path("x"), OSError(number, "why"))) == code
