"""Every pattern that a page looks for in a log is in a line that the service writes."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.edge.shipped import HOME
from kit.edge.containers.catalog import ROOT
from service.observe.accessline import kind_text
from service.observe.journal import Journal

PAGES = [*sorted((HOME / "runbooks").glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
GREP = re.compile(r"\bgrep((?: -\w+)*) ('[^']+'|\"[^\"]+\"|[^\s'\"|]+) (logs/[\w.-]+\.log)")
GROUP = re.compile(r"\(([^()|]+(?:\|[^()|]+)+)\)")
FIELDS = {"dependency": ("mongodb", "redis")}
NO_PATTERN = {"ID"}
"""Words that stand for what a reader puts there."""


def greps() -> dict[tuple[str, str, str], list[str]]:
    """Return the pages that ask for each (options, pattern, file), every alternative alone."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for page in PAGES:
        for options, quoted, file in GREP.findall(page.read_text(encoding="utf-8")):
            for pattern in alternatives(bare(quoted)):
                if pattern not in NO_PATTERN:
                    found.setdefault((options, pattern, file), []).append(page.stem)
    return found


def bare(word: str) -> str:
    """Return a word of the shell without the quotes around it."""
    return word[1:-1] if word[0] in "'\"" else word


def alternatives(pattern: str) -> list[str]:
    """Return a pattern once for each alternative, so that none is carried by another."""
    if group := GROUP.search(pattern):
        before, after = pattern[: group.start()], pattern[group.end() :]
        return [f"{before}{one}{after}" for one in group[1].split("|")]
    return pattern.split(r"\|")


def events() -> Iterator[tuple[str, str, list[str]]]:
    """Yield level, name and fields of each event that the service's own code writes."""
    for path in sorted((ROOT / "service").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if node.func.attr == "event" and len(texts) == len(node.args) == 2:
                yield str(texts[0]), str(texts[1]), [str(each.arg) for each in node.keywords]


async def written(folder: Path) -> None:
    """Let the service's own journal write its events, and requests of each kind of answer."""
    journal = Journal(folder, on_drop=lambda _count: None)
    for level, name, fields in events():
        for dependency in FIELDS["dependency"]:
            values = dict.fromkeys(fields, "x")
            values |= {"dependency": dependency} if "dependency" in fields else {}
            journal.event(level, name, **values)  # type: ignore[arg-type]
    for status in (200, 401, 404, 500):
        kind = kind_text("GET", "/events", status)
        journal.request((1.5, 0.001, kind, "id", "", "", {"mongodb": 1.5}), status >= 500)
    await journal.stop()


async def test_every_pattern_of_a_page_is_in_a_line_that_the_service_writes(tmp_path: Path) -> None:
    await written(tmp_path / "logs")
    missed = [
        (pattern, file, pages)
        for (options, pattern, file), pages in greps().items()
        if not matches(tmp_path, options, pattern, file)
    ]
    assert missed == []
    assert len(greps()) >= 6, greps()


def matches(folder: Path, options: str, pattern: str, file: str) -> bool:
    words = ["grep", *options.split(), pattern, file]
    return subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("line", "patterns"),
    [
        ('grep -hE \'"event":"(fault|oops)"\' logs/a.log', ['"event":"fault"', '"event":"oops"']),
        (r"grep -h 'one\|two words' logs/a.log", ["one", "two words"]),
        ("grep mongodb logs/a.log | tail", ["mongodb"]),
    ],
)
def test_each_alternative_is_tried_alone(line: str, patterns: list[str]) -> None:
    (found,) = GREP.findall(line)
    assert alternatives(bare(found[1])) == patterns


async def test_an_event_that_is_never_written_is_found(tmp_path: Path) -> None:
    await written(tmp_path / "logs")
    assert not matches(tmp_path, "-h", '"event":"parsing_error"', "logs/calendar-api.log")
    assert matches(tmp_path, "-h", '"event":"parser_fault"', "logs/calendar-api.log")
