"""A document as Markdown, for chats, tickets and terminals."""

from collections.abc import Iterator

from reports.document import (
    Badge,
    Block,
    CellValue,
    Chart,
    Code,
    Document,
    Meter,
    Steps,
    Table,
    Tiles,
    Words,
)


def to_markdown(document: Document) -> str:
    """Return the document; equal documents give equal text."""
    lines = [f"# {document.verdict}: {document.headline}", "", document.subtitle, ""]
    for section in document.sections:
        lines += [f"## {section.title}", ""]
        if section.lead:
            lines += [section.lead, ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Words(lines, warns):
            for line in lines:
                yield f"> {line}" if warns else f"- {line}" if len(lines) > 1 else line
        case Steps(items):
            for number, (what, why, since) in enumerate(items, 1):
                yield f"{number}. **{what}.** {why}." + (f" {since}." if since else "")
        case Tiles(figures):
            for value, name in figures:
                yield f"- {name}: **{value}**"
        case Chart(title=title, description=description):
            yield f"*{title}:* {description}"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"**{table.title}**"
        yield ""
    yield "| " + " | ".join(column.name for column in table.columns) + " |"
    yield "|" + "|".join(" ---: " if c.is_number else " --- " for c in table.columns) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_cell(value) for value in row) + " |"


def _cell(value: CellValue) -> str:
    match value:
        case Badge(text) | Meter(text):
            return text
        case Code(text):
            return f"`{text}`".replace("|", "\\|")
    return value.replace("|", "\\|").replace("\n", " ")
