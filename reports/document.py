"""A report as headings, words, tables and charts, before it becomes HTML or Markdown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """A word that is coloured by what it means."""

    word: str


@dataclass(frozen=True, slots=True)
class Meter:
    """A share between 0 and 1 beside its words; `is_bad` colours it as a missed objective."""

    text: str
    share: float
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A name or value that is shown letter by letter."""

    text: str


CellValue = str | Badge | Code | Meter


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; numbers are set to the right, sentences get room on a phone."""

    name: str
    is_number: bool = False
    is_sentence: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows have as many cells as there are columns; the first cell names the row.

    A `folded` table shows its title only, until somebody opens it.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    title: str = ""
    folded: bool = False


def numeric(name: str) -> Column:
    """Return a column of numbers."""
    return Column(name, is_number=True)


def columns(*heads: str | Column) -> tuple[Column, ...]:
    """Return the columns of a table; a bare name is one of plain text."""
    return tuple(Column(one) if isinstance(one, str) else one for one in heads)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Large figures, each with what it is."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, or a list when there are several; `warns` sets it apart."""

    lines: tuple[str, ...]
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered things to do: (what, why, since when)."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that the HTML page draws, by `name`; elsewhere its description stands for it.

    One that is `wide` takes the page's whole width; `table` has its values, behind it.
    """

    name: str
    title: str
    description: str
    wide: bool = False
    table: Table | None = None


Block = Table | Tiles | Words | Steps | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it; `queries` are what its figures were asked by."""

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report: verdict, one sentence, which window, and the sections."""

    verdict: str
    headline: str
    subtitle: str
    sections: tuple[Section, ...]
    asked: tuple[tuple[str, str], ...] = ()
    """Each query that was asked: its name and its text."""
