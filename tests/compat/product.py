"""All that the tests of old data take from the product: where it moves to is said here alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kit.edge.records import read as read_record
from kit.pure.exits import Exit
from ops.backup.manifest import seal_of
from service import app as service_app
from service.errors import CODES
from service.settings import Settings
from slo.edge.project_file import series_of
from sre.command import build as command
from sre.running import run
from tests.support.yaml_text import from_yaml

__all__ = [
    "CODES", "METRICS", "Exit", "command", "commands", "openapi", "read_record", "rules", "run",
    "seal_of", "source", "variables",
]  # fmt: skip

METRICS: Final = tuple(dict.fromkeys(series_of().values()))
ROOT: Final = Path(__file__).resolve().parents[2]
RULES: Final = (ROOT / "alerts/generated/calendar.yaml", ROOT / "alerts/generated/routing")
PARTS: Final = (
    "kit", "sre", "ops", "slo", "synthetic", "alerts", "dashboards", "reports", "service",
)  # fmt: skip


def commands(of: Any, path: str = "sre") -> Iterator[tuple[str, Any]]:
    """Yield every verb by its path."""
    yield path, of
    for name, part in getattr(of, "commands", {}).items():
        yield from commands(part, f"{path} {name}")


def rules() -> Iterator[dict[str, Any]]:
    """Yield every rule that is shipped."""
    for place in RULES:
        for path in [place] if place.is_file() else sorted(place.glob("*.yaml")):
            for group in from_yaml(path.read_text(encoding="utf-8"))["groups"]:
                yield from group["rules"]


def source() -> str:
    """Return the text of all modules."""
    return "\n".join(
        path.read_text(encoding="utf-8")
        for part in PARTS
        for path in sorted((ROOT / part).rglob("*.py"))
    )


def variables(text: str) -> set[str]:
    """Return every variable of the environment that is read."""
    named = set(re.findall(r"\"(SRE_[A-Z_]+)\"", text))
    return named | {f"CALENDAR_{name.upper()}" for name in Settings.model_fields}


def openapi() -> dict[str, Any]:
    """Return what the service says of itself."""
    found: dict[str, Any] = service_app.build_app(Settings(auth="off")).openapi()
    return found
