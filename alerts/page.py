"""The texts of an alert: what a person reads at night, and the page behind the link."""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kit.pure.fields import Field, read_yaml


@dataclass(frozen=True, slots=True)
class Page:
    """`diagnosis` are pairs of what to learn and the command that shows it."""

    summary: str
    meaning: str
    impact: str
    diagnosis: tuple[tuple[str, str], ...]
    mitigation: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> "Page":
        """Return the page with `%NAME%` replaced."""

        def fill(text: str) -> str:
            for name, value in values.items():
                text = text.replace(f"%{name}%", value)
            return text

        return replace(
            self,
            summary=fill(self.summary),
            meaning=fill(self.meaning),
            impact=fill(self.impact),
            diagnosis=tuple(
                (fill(say), _filled_command(command, values)) for say, command in self.diagnosis
            ),
            mitigation=tuple(map(fill, self.mitigation)),
        )


def _filled_command(command: str, values: Mapping[str, str]) -> str:
    """Return a command in which each value is one word, or a part of one, whatever it holds."""
    for name, value in values.items():
        before, *rest = command.split(f"%{name}%")
        for part in rest:
            before += _as_word(value, before) + part
        command = before
    return command


def _as_word(value: str, before: str) -> str:
    """Return a value as a shell reads it behind `before`: bare, or within quotes that are open.

    One that begins with a space is options, which are quoted already.
    """
    quote = ""
    for letter in before:
        if letter in "\"'" and quote in {"", letter}:
            quote = "" if quote else letter
    if quote == "'":
        return value.replace("'", "'\"'\"'")
    if quote == '"':
        return re.sub(r'(["\\$`])', r"\\\1", value)
    return value if not value or value.startswith(" ") else shlex.quote(value)


def read_pages(sources: Iterable[tuple[str, str]]) -> dict[str, Page]:
    """Return the pages of (file name, text) pairs by the name of their alert."""
    pages: dict[str, Page] = {}
    for source, text in sources:
        root = read_yaml(source, text)
        pages |= {name: _page(root.need(name)) for name in root.names()}
    return pages


def _page(field: Field) -> Page:
    field.only("summary", "meaning", "impact", "diagnosis", "mitigation")
    return Page(
        summary=field.need("summary").text(),
        meaning=field.need("meaning").text(),
        impact=field.need("impact").text(),
        diagnosis=tuple(
            (say.text(), command.text())
            for say, command in map(Field.items, field.need("diagnosis").items())
        ),
        mitigation=tuple(each.text() for each in field.need("mitigation").items()),
    )


def render(name: str, page: Page, facts: Iterable[str]) -> str:
    """Return the runbook page in Markdown; `facts` are lines such as its severity."""
    lines = [
        f"# {name}",
        "",
        *(f"- {fact}" for fact in facts),
        "",
        "## Meaning",
        page.meaning,
        "",
        "## Impact",
        page.impact,
        "",
        "## Diagnosis",
    ]
    for index, (say, command) in enumerate(page.diagnosis, start=1):
        lines += [f"{index}. {say}", "   ```bash", f"   {command}", "   ```"]
    lines += ["", "## Mitigation", *(f"- {each}" for each in page.mitigation), ""]
    return "\n".join(lines)
