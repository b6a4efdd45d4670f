"""Build the wheel: every package below one root, so that nobody's own `ops/` can hide ours.

In the checkout the packages are the top-level folders and import each other by those names. In the
wheel they lie in `calendar_sre`, and each import of one by another is written anew to say so.
"""

import ast
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT: Final = "calendar_sre"
ROOMS: Final = (
    "kit", "service", "slo", "synthetic", "alerts", "dashboards", "reports", "status", "traces",
    "ops", "console", "sre",
)  # fmt: skip
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.pyc")


class OneRoot(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook; an editable installation is left as the checkout is."""

    def initialize(
        self,
        version: str,
        build_data: dict[str, Any],  # Any: as hatchling has it
    ) -> None:
        """Gather what the wheel holds."""
        if version == "editable":
            return
        self._made = Path(tempfile.mkdtemp(prefix="calendar-sre-wheel-"))
        root = self._made / ROOT
        for room in ROOMS:
            shutil.copytree(Path(self.root) / room, root / room, ignore=_LEFT_OUT)
        shutil.copytree(Path(self.root) / "drills", root / "drills")
        shutil.copy(Path(self.root) / "sre.toml", root)
        (root / "__init__.py").write_text('"""The calendar assistant and its harness."""\n')
        for module in root.rglob("*.py"):
            text = module.read_text(encoding="utf-8")
            module.write_text(below_root(text, str(module.relative_to(root))), encoding="utf-8")
        build_data["force_include"][str(root)] = ROOT
        scripts = self.metadata.core.scripts
        scripts.update({name: f"{ROOT}.{target}" for name, target in scripts.items()})

    def finalize(
        self,
        version: str,
        build_data: dict[str, Any],  # noqa: ARG002 -- hatchling's  # Any: as hatchling has it
        artifact_path: str,  # noqa: ARG002 -- hatchling's
    ) -> None:
        """Remove what was gathered."""
        if version != "editable":
            shutil.rmtree(self._made)


def below_root(text: str, name: str) -> str:
    """Return a module's text in which every import of one of our packages names the root.

    Raises ValueError for `import PACKAGE.module`, which would bind another name than before.
    """
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and not node.level and _is_ours(node.module):
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line.replace("from ", f"from {ROOT}.", 1)
        elif isinstance(node, ast.Import) and any(_is_ours(one.name) for one in node.names):
            (alias,) = node.names
            if "." in alias.name:
                raise ValueError(f"{name}:{node.lineno}: write from … import …")
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line.replace("import ", f"from {ROOT} import ", 1)
    return "".join(lines)


def _is_ours(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] in ROOMS
