"""Settings may stand in files; what is in them is never shown."""

from pathlib import Path

import pytest

from service.secret_files import with_files
from service.start_error import StartError


def test_a_file_gives_the_setting_without_its_last_line_break(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("abcdefghijklmnopqrstuvwxyz\n")
    found = with_files(
        {"CALENDAR_ADMIN_KEY_FILE": str(tmp_path / "key"), "CALENDAR_MODE": "normal"}
    )
    assert found == {
        "CALENDAR_ADMIN_KEY": "abcdefghijklmnopqrstuvwxyz",
        "CALENDAR_MODE": "normal",
    }


@pytest.mark.parametrize(
    ("text", "more", "reason"),
    [
        (None, {}, "No such file"),
        ("", {}, "is empty"),
        (" \n", {}, "is empty"),
        ("hunter2hunter2", {"CALENDAR_REDIS_URL": "redis://x"}, "are both set"),
    ],
)
def test_a_file_that_gives_nothing_is_named(
    tmp_path: Path, text: str | None, more: dict[str, str], reason: str
) -> None:
    path = tmp_path / "url"
    if text is not None:
        path.write_text(text)
    with pytest.raises(StartError, match=reason) as found:
        with_files({"CALENDAR_REDIS_URL_FILE": str(path), **more})
    assert "CALENDAR_REDIS_URL_FILE" in str(found.value)
    assert "hunter2" not in f"{found.value} {found.value.hint}"
