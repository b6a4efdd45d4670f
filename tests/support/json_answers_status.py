"""Command lines of status and console, and the schema of what each prints."""

from typing import Final

_WHERE: Final = ["--status-dir", "{tmp}/status"]
_SITE: Final = ["--out", "{tmp}/site"]
_SOON: Final = ["2026-12-01T02:00:00Z", "2026-12-01T03:00:00Z"]

ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["status", "announce", "Saving fails", "--template", "down", *_WHERE], "status-announce", 0),
    (["status", "announce", "Saving fails", *_WHERE], "error", 2),
    (["status", "announce", "db1.internal is away", "--text", "x", *_WHERE], "error", 4),
    (["status", "announce", "x", "--text", "y", "--component", "Nothing", *_WHERE], "error", 2),
    (["status", "update", *_WHERE], "error", 2),
    (["status", "resolve", "2026-11-20-none", *_WHERE], "error", 2),
    (["status", "maintenance", *_SOON, "Faster machines", *_WHERE], "status-maintenance", 0),
    (["status", "maintenance", *_SOON, "Faster machines", *_WHERE, "--alertmanager",
      "http://127.0.0.1:9"], "status-maintenance", 3),
    (["status", "maintenance", "soon", "later", "x", *_WHERE], "error", 2),
    (["status", "build", *_SITE, *_WHERE], "status-build", 5),
    (["status", "build", *_SITE, *_WHERE, "--prometheus", "http://127.0.0.1:9"],
     "status-build", 3),
    (["status", "build", *_SITE, "--maintenance", "/dev/null/x", *_WHERE], "error", 2),
    (["console", "--host", "203.0.113.9", "--port", "8900"], "error", 3),
    (["console", "--project", "{tmp}/none"], "error", 2),
]  # fmt: skip
