"""In which formats a report is written, and writing it in those that are wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from kit.edge.browser import browser, to_pdf
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError
from kit.pure.file_names import file_name

FORMATS: Final = ("html", "md", "json", "pdf")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Report = TypeVar("Report", bound=_Named)


@dataclass(frozen=True, slots=True)
class Written(Generic[Report]):
    """A report and the files that hold it, one a format."""

    report: Report
    files: dict[str, Path]


def read_formats(text: str) -> tuple[str, ...]:
    """Return the formats of a list with commas; BadInputError for one unknown, and for none.

    A PDF is printed by a browser: UnreachableError where there is none.
    """
    wanted = {one.strip() for one in text.split(",") if one.strip()}
    hint = f"use {', '.join(FORMATS)}"
    if unknown := sorted(wanted.difference(FORMATS)):
        raise BadInputError(f"no format is called {unknown[0]!r}", hint=hint)
    if not wanted:
        raise BadInputError(f"--format {text!r} names no format", hint=hint)
    if "pdf" in wanted:
        browser("leave pdf out and print the page")
    return tuple(one for one in FORMATS if one in wanted)


def write_report(
    report: Report, folder: Path, formats: Sequence[str], text_in: Callable[[str], str]
) -> Written[Report]:
    """Write `text_in(format)` for each format, as files named by the report's id.

    A PDF is printed from the text in HTML. Raises BadInputError when the folder cannot be written.
    """
    name = file_name(report.id, what="report")
    files = {one: folder / f"{name}.{one}" for one in formats}
    for one, path in files.items():
        write_whole(path, to_pdf(text_in("html")) if one == "pdf" else text_in(one))
    return Written(report, files)
