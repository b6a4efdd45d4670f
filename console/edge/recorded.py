"""Runs, backups, reports and notices as files hold them; pages of them, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from console.edge.about import About
from console.edge.remembered import Remembered
from kit.edge import records
from kit.pure import words
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.file_names import file_name
from ops.backup.folder import entries
from status.edge.notices import read_notices
from status.notice import Notice

PAGE: Final = 25
_GOLDEN_RUNS: Final = 20
_MOST_FILES: Final = 20_000
_REPORTS: Final = frozenset({".html", ".md", ".json", ".pdf"})


@dataclass(frozen=True, slots=True)
class Run:
    """What a list says of a run: what it was about, and the command that makes such a one."""

    id: str
    verdict: str
    began: str
    what: str
    command: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of runs: those read, what was wrong with others, and how many there are."""

    rows: tuple[Run, ...]
    wrong: tuple[str, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its state, how old its data are, and what it holds."""

    name: str
    state: str
    age_s: float | None
    size_bytes: int
    problem: str


@dataclass(frozen=True, slots=True)
class Report:
    """A file that somebody made; it is only ever given away for download."""

    path: str
    made: datetime
    size_bytes: int


def listed(about: About, kind: str, page: int, known: Remembered[Run | str]) -> Listed:
    """Return a page of the runs of a kind; only those of the page are read, and each once.

    Their ids begin with their time, so that names in order are runs in order.
    """
    paths = _paths(about, kind)
    page = max(1, min(page, max(1, -(-len(paths) // PAGE))))
    rows: list[Run] = []
    wrong: list[str] = []
    for path in paths[(page - 1) * PAGE : page * PAGE]:
        try:
            found = known.of(path)
        except FileNotFoundError:  # removed since it was listed
            continue
        except OSError as err:
            found = f"{path}: not a record: {err.strerror}"
        if isinstance(found, Run):
            rows.append(found)
        else:
            wrong.append(_relative(found, about))
    return Listed(tuple(rows), tuple(wrong), len(paths), page)


def run_of(path: Path) -> Run | str:
    """Return what a list says of a record, or why it is none."""
    try:
        found = records.read(str(path))
    except BadInputError as err:
        return str(err)
    config = found["config"]
    match path.parent.name:
        case "load":
            name = config["profile"]["name"]
            what, command = f"{name} against {config['target_url']}", f"sre load run {name}"
        case "golden":
            right, cases = words.count(found["right"]), words.count(found["cases"])
            what, command = f"{right} of {cases} right", "sre golden run"
        case _:
            what, command = config["drill"], f"sre drill run {config['drill']}"
    began = found["started_at"][:16].replace("T", " ")
    return Run(found["id"], found["verdict"], began, what, command)


def _paths(about: About, kind: str) -> list[Path]:
    return sorted((about.runs / kind).glob("*.json"), reverse=True)[:_MOST_FILES]


def record(about: About, kind: str, identity: str) -> dict[str, Any]:
    """Return one record; BadInputError for one that is not there or is damaged."""
    name = file_name(identity, what="run")
    path = about.runs / kind / f"{name}.json"
    if not path.is_file():
        raise NotEnoughDataError(f"there is no {kind} run {name[:80]!r}")
    return records.read(str(path))


def golden_history(about: About) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """Return the newest golden runs, oldest first, and what was wrong with others."""
    rows: list[Mapping[str, Any]] = []
    wrong: list[str] = []
    for path in _paths(about, "golden"):
        try:
            rows.append(records.read(str(path)))
        except BadInputError as err:
            wrong.append(_relative(str(err), about))
        if len(rows) == _GOLDEN_RUNS or len(wrong) == PAGE:
            break
    return tuple(reversed(rows)), tuple(wrong)


def slices(runs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[float | None]]]:
    """Return the accuracy of each slice in each run; None where a run had no such slice."""
    names = dict.fromkeys(name for run in runs for name in run.get("slices", {}))
    return [
        (name, [(run["slices"].get(name) or {}).get("ratio") for run in runs])
        for name in sorted(names, key=lambda each: (each != "all", each))
    ]


def cases(runs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[bool | None]]]:
    """Return in which runs each case was right; those that changed, or are wrong, come first."""
    right: dict[str, list[bool | None]] = {}
    for number, run in enumerate(runs):
        for result in run.get("results", ()):
            row = right.setdefault(str(result.get("id", "")), [None] * len(runs))
            row[number] = bool(result.get("right"))

    def rank(item: tuple[str, list[bool | None]]) -> tuple[bool, bool, str]:
        known = [each for each in item[1] if each is not None]
        return len(set(known)) < 2, all(known), item[0]  # noqa: PLR2004 -- right and wrong

    return sorted(right.items(), key=rank)


def backups(about: About) -> tuple[Backup, ...]:
    """Return the backups, newest first; NotEnoughDataError where there is no folder of them."""
    if about.backups is None or not about.backups.is_dir():
        raise NotEnoughDataError(
            "no data: there is no folder of backups", hint="name it with --backup-dir"
        )
    now = datetime.now(UTC)
    return tuple(
        Backup(
            each.name,
            str(each.state),
            each.manifest.age_s(now) if each.manifest else None,
            each.size_bytes,
            each.problem,
        )
        for each in entries(about.backups)[:200]
    )


def reports(about: About) -> tuple[Report, ...]:
    """Return the files of reports among the runs, newest first."""
    found = []
    for folder in ("report", "demo", "load", "golden"):
        for path in (about.runs / folder).glob("*"):
            is_record = folder in records.KINDS and path.suffix == ".json"
            if path.suffix in _REPORTS and not is_record and not path.name.startswith("."):
                found.append((path, path.stat()))
    found.sort(key=lambda item: -item[1].st_mtime)
    return tuple(
        Report(
            str(path.relative_to(about.runs)),
            datetime.fromtimestamp(stat.st_mtime, UTC),
            stat.st_size,
        )
        for path, stat in found[:200]
    )


def report_file(about: About, path: str) -> Path:
    """Return the path of a report that is on the list; NotEnoughDataError for any other."""
    if not any(each.path == path for each in reports(about)):
        raise NotEnoughDataError(f"there is no report {path[:80]!r}")
    return about.runs / path


def notices(about: About) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """Return what was announced to the public, newest first, and what is wrong with other files."""
    found, wrong = read_notices(about.notices)
    newest = sorted(found, key=lambda each: each.began, reverse=True)
    return tuple(newest[:200]), tuple(_relative(each, about) for each in wrong[:25])


def _relative(text: str, about: About) -> str:
    """Return a text without the folder of the runs in it."""
    return text.replace(f"{about.runs}/", "")[:400]
