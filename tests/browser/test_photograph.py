"""Pictures of pages: the whole of each, at the width that was asked for, by one browser."""

import struct
from pathlib import Path

import pytest

from dashboards.edge.photograph import photograph
from kit.edge import devtools
from kit.pure.errors import UnreachableError


def size(picture: Path) -> tuple[int, int]:
    """Return width and height, which a PNG has at its begin."""
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:])
    return width, height


@pytest.mark.thorough
@pytest.mark.usefixtures("chromium")
def test_a_picture_shows_the_whole_page_at_each_width(tmp_path: Path) -> None:
    for name, height in (("low", 900), ("a name with blanks & #", 2500)):
        style = f"margin:0;height:{height}px"
        (tmp_path / f"{name}.html").write_text(f"<!doctype html><body style='{style}'>x")
    found = photograph(sorted(tmp_path.glob("*.html")), [320, 1280])
    assert [size(one) for one in found] == [(320, 2500), (1280, 2500), (320, 900), (1280, 900)]
    assert {one.name for one in found} == {one.name for one in tmp_path.glob("*.png")}


def test_without_a_browser_or_with_one_that_ends_it_says_what_to_do_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("x")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert photograph([page], []) == []
    with pytest.raises(UnreachableError, match="no browser is installed"):
        photograph([page], [400])
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(UnreachableError, match="does not do it"):
        photograph([page], [400])
    broken.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    monkeypatch.setattr(devtools, "_WITHIN_S", 0.5)
    with pytest.raises(UnreachableError, match="no answer to"):
        photograph([page], [400])
