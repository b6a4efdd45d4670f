"""Command lines of check, backup, maintain and incident, and the schema of what each prints."""

from typing import Final

from tests.compat.frozen import RELEASES

_BACKUPS: Final = ["--backup-dir", str(RELEASES[0] / "backup")]
_RULES: Final = str(RELEASES[0] / "rules")
_MONGODB: Final = ["--mongodb-url", "mongodb://127.0.0.1:9", "--timeout", "0.3"]
_AWAY: Final = ["--target", "{prometheus}"]
_SAID: Final = ["--what", "errors", "--impact", "all users", "--commander", "Ada"]

ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["check", "health", *_AWAY], "check", 3),
    (["check", "mongodb", "--mongodb", "mongodb://127.0.0.1:9", "--timeout", "0.3"], "check", 3),
    (["check", "mongodb"], "error", 2),
    (["check", "redis", "--redis", "redis://127.0.0.1:9", "--timeout", "0.3"], "check", 3),
    (["check", "redis", "--redis", "127.0.0.1:9"], "error", 2),
    (["check", "dependencies", *_AWAY, "--timeout", "0.3"], "check", 3),
    (["check", "db-performance", *_AWAY], "error", 3),
    (["check", "cache", *_AWAY], "check", 3),
    (["check", "performance", *_AWAY], "error", 3),
    (["check", "performance", "--objectives", "{tmp}"], "error", 2),
    (["check", "timing", "http://127.0.0.1:9", "--times", "1", "--timeout", "1"], "check", 3),
    (["check", "timing", "127.0.0.1:9"], "error", 2),
    (["check", "security", *_AWAY], "check", 3),
    (["check", "suspicious-ips", "--logs", "{tmp}"], "check", 5),
    (["check", "suspicious-ips", "--logs", "{tmp}/none"], "error", 2),
    (["check", "logs", "--logs", "{tmp}"], "check", 5),
    (["check", "logs", "--logs", "{tmp}", "--since", "yesterday"], "error", 2),
    (["check", "system", "--timeout", "0"], "error", 2),
    (["check", "morning", "--since", "yesterday"], "error", 2),
    (["check", "evening"], "error", 5),
    (["check", "evening", "--prometheus", "ftp://nowhere"], "error", 2),
    (["backup", "create", "mongodb", "--backup-dir", "{tmp}", *_MONGODB], "error", 3),
    (["backup", "create", "redis", "--backup-dir", "{tmp}"], "error", 2),
    (["backup", "list", *_BACKUPS], "backup-list", 0),
    (["backup", "list", "--backup-dir", "{tmp}"], "backup-list", 5),
    (["backup", "list", "--backup-dir", "{tmp}/none"], "error", 2),
    (["backup", "verify", *_BACKUPS], "backup-verified", 0),
    (["backup", "verify", "--every", "--backup-dir", "{tmp}"], "error", 5),
    (["backup", "verify", "--deep", *_BACKUPS, *_MONGODB], "error", 3),
    (["backup", "verify", "--live", *_BACKUPS, *_MONGODB], "error", 3),
    (["backup", "report", *_BACKUPS], "backup-report", 1),
    (["backup", "report", "--backup-dir", "{tmp}"], "error", 5),
    (["backup", "restore", "mongodb", "--dry-run", *_BACKUPS, *_MONGODB], "error", 3),
    (["backup", "restore", "--recover", *_MONGODB], "error", 3),
    (["backup", "restore", "--backup-dir", "{tmp}"], "error", 2),
    (["maintain", "db", *_MONGODB], "error", 3),
    (["maintain", "logs", "--logs", "{tmp}"], "error", 5),
    (["maintain", "logs", "--logs", "{tmp}/none"], "error", 2),
    (["maintain", "dependencies", "--lock", "{tmp}/none", "--offline"], "error", 2),
    (["incident", "start", "no-such-kind"], "error", 2),
    (["incident", "diagnose"], "error", 2),
    (["incident", "mitigate", "INC-7"], "error", 2),
    (["incident", "close"], "error", 2),
    (["incident", "actions"], "incident-actions", 0),
    (["incident", "actions", "--add", "x"], "error", 2),
    (["incident", "who", "--at", "2026-03-02T12:00:00Z"], "on-call", 0),
    (["incident", "who", "--contacts", "{tmp}/none"], "error", 2),
    (["incident", "evidence", "{tmp}/none.tar.gz", "--verify"], "error", 2),
    (["incident", "evidence", "{tmp}/e.tar.gz", "--until", "2h", "--since", "now"], "error", 2),
    (["incident", "timeline"], "error", 2),
    (["incident", "timeline", "--prometheus", "{prometheus}", "--start", "soon"], "error", 2),
    (["incident", "timeline", "--rules", _RULES, "--since", "2026-11-01T00:00:00Z"],
     "incident-timeline", 0),
    (["incident", "mode", *_AWAY], "error", 3),
    (["incident", "mode", "normal", "--why", "x", *_AWAY], "error", 3),
    (["incident", "mode", "off", "--why", "x"], "error", 2),
    (["incident", "notify", "P1", *_SAID, "--dry-run"], "notify", 0),
    (["incident", "notify", "P1", *_SAID], "error", 2),
    (["incident", "isolate", "read-only", *_AWAY], "isolation", 0),
    (["incident", "isolate", "read-only", "--apply", "--no-evidence", *_AWAY], "isolation", 3),
    (["incident", "isolate", "read-only", "--apply", *_AWAY], "error", 4),
    (["incident", "isolate", "off"], "error", 2),
]  # fmt: skip
"""Words without `sre`, the schema of the answer, the exit code. `{tmp}` is a temporary folder and
`{prometheus}` an address where nothing answers."""
