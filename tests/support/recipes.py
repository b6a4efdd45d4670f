"""The recipes of CONTRIBUTING.md, and how one is performed on a copy of the tree."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "CONTRIBUTING.md"
_STEP: Final = re.compile(r"^\d+\. `([^`]+)`", re.MULTILINE)
_COMMANDS: Final = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_GRAPH: Final = ".import_linter_cache"
"""What import-linter has read before, by each file's time."""
_SEVERAL: Final = """
import sys
from sre.running import run
for line in sys.argv[1:]:
    print("$ sre", line, flush=True)
    if code := run(__import__("shlex").split(line)):
        sys.exit(code)
"""
"""Runs `sre` lines one after the other in one process: starting it costs more than most of them."""

_PYTEST: Final = ("-m", "pytest", "-n", "0", "-q", "--noconftest")
"""No recipe needs a server in a container, which `tests/conftest.py` gives."""

Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The files that are written by hand, in their order, and the commands that follow."""

    files: tuple[str, ...]
    commands: tuple[str, ...]


def recipes() -> dict[str, Recipe]:
    """Return the recipes of the page by their headings."""
    _, _, part = PAGE.read_text(encoding="utf-8").partition("\n## Recipes\n")
    _, *sections = re.split(r"^### ", part, flags=re.MULTILINE)
    return {heading: _recipe(text) for heading, _, text in (s.partition("\n") for s in sections)}


def _recipe(text: str) -> Recipe:
    (block,) = _COMMANDS.findall(text)
    return Recipe(tuple(_STEP.findall(text)), tuple(block.splitlines()))


def after(anchor: str, lines: str) -> Edit:
    """Return an edit that adds lines behind a line that the file has once."""

    def edit(text: str) -> str:
        assert text.count(f"{anchor}\n") == 1, (anchor, text.count(f"{anchor}\n"))
        return text.replace(f"{anchor}\n", f"{anchor}\n{lines}")

    return edit


def replaced(line: str, lines: str) -> Edit:
    """Return an edit that puts other lines for one that the file has once."""

    def edit(text: str) -> str:
        assert text.count(line) == 1, (line, text.count(line))
        return text.replace(line, lines)

    return edit


def new(text: str) -> Edit:
    """Return the edit that makes a file."""

    def edit(before: str) -> str:
        assert before == "", "the file is there already"
        return text

    return edit


def both(*edits: Edit) -> Edit:
    """Return several edits of one file as one."""

    def edit(text: str) -> str:
        for each in edits:
            text = each(text)
        return text

    return edit


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy of what git knows; its code, not the checkout's, is what runs in it."""

    folder: Path

    def perform(self, heading: str, edits: Mapping[str, Edit], name: str = "NAME") -> str:
        """Do what the recipe says, and nothing else; every command has to hold.

        Returns what the commands say.
        """
        recipe = recipes()[heading]
        assert recipe.files == tuple(edits), "the page and the test write different files"
        for path, edit in edits.items():
            file = self.folder / path
            file.write_text(edit(file.read_text() if file.exists() else ""))
        written = [path for path in edits if path.endswith(".py")]
        said = self.run(*(line.replace("NAME", name) for line in recipe.commands))
        if written:
            self.python("-m", "ruff", "check", "--no-cache", *written)
            self.python("-m", "ruff", "format", "--no-cache", "--check", *written)
        return said

    def run(self, *lines: str) -> str:
        """Run command lines as the page has them, and return what they say."""
        said = []
        for first, some in groupby(lines, lambda line: line.partition(" ")[0]):
            if first == "sre":
                said.append(self.python("-c", _SEVERAL, *(line[4:] for line in some)))
                continue
            for line in some:
                words = shlex.split(line)
                module = [*_PYTEST] if first == "pytest" else []
                assert first in {"pytest", "python"}, line
                said.append(self.python(*module, *words[1:]))
        return "".join(said)

    def lint_imports(self) -> None:
        """Hold the copy against the contracts of imports."""
        self.python(
            "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
        )

    def python(self, *words: str) -> str:
        """Run Python on the copy's code, which must end with 0; return what it says."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}"
        return done.stdout


def copied(folder: Path) -> Tree:
    """Copy every file that git tracks, with what Python has compiled of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    names: Sequence[str] = [name for name in listed if name and (ROOT / name).is_file()]
    for parent in {(folder / name).parent for name in names}:
        parent.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy2(ROOT / name, folder / name)
    for compiled in {(ROOT / name).parent / "__pycache__" for name in names}:
        if compiled.is_dir():
            shutil.copytree(compiled, folder / compiled.relative_to(ROOT), dirs_exist_ok=True)
    if (ROOT / _GRAPH).is_dir():
        shutil.copytree(ROOT / _GRAPH, folder / _GRAPH)
    return Tree(folder)
