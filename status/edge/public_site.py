"""Write the public site: pages without script, JSON, a feed and badges, for any bucket."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.charts.theme import stylesheet
from kit.edge.writing import write_whole
from slo.maintenance import Maintenance
from status import words
from status.as_json import as_plain
from status.badge import badge
from status.feed import to_atom
from status.leaks import leaks
from status.measured import DAYS, Day, State
from status.notice import Notice, moment_text
from status.page import Page

_TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"
_LETTERS: Final = 60_000
"""So much text of notices goes on one page of the history."""


def site_files(page: Page) -> dict[str, str]:
    """Return the files of the site by their path below its root; the front page is the last."""
    environment = _environment(page)
    shared = {"page": page, "words": words, "days": DAYS}
    going = [each for each in page.unannounced if each.stretch.end is None]
    chunks = list(_chunks(page.notices))
    files = {
        "style.css": stylesheet() + (_TEMPLATES / "style.css").read_text(encoding="utf-8"),
        "status.json": json.dumps(as_plain(page), ensure_ascii=False, separators=(",", ":")) + "\n",
        "feed.atom": to_atom(page),
        "badges/all.svg": badge(page.named.title, page.state),
    }
    files |= {f"badges/{state}.svg": _dot(state) for state in State}
    for row in page.rows:
        files[f"badges/part-{row.component.id}.svg"] = badge(row.component.name, row.state)
    for number, chunk in enumerate(chunks, 1):
        name = "history.html" if number == 1 else f"history-{number}.html"
        files[name] = environment.get_template("history.html.j2").render(
            shared, here="history", chunk=chunk, number=number, pages=len(chunks)
        )
    files["index.html"] = environment.get_template("index.html.j2").render(
        shared, here="now", going=going
    )
    return {name: _whole(text) for name, text in files.items()}


def _whole(text: str) -> str:
    """Return a text without halves of characters, which JSON may hold and no file can."""
    return text.encode(errors="replace").decode()


def write_site(page: Page, folder: Path) -> tuple[Path, ...]:
    """Write the site into a folder, each file whole or not at all; return what was written."""
    written = []
    for name, text in site_files(page).items():
        path = folder / name
        write_whole(path, text)
        written.append(path)
    return tuple(written)


def public_notices(
    notices: Sequence[Notice], names: tuple[str, ...]
) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """Return the notices with what is internal withheld, and a line on each that was.

    A text that somebody insisted on is published as it is.
    """
    kept, told = [], []
    for notice in notices:
        updates = []
        for update in notice.updates:
            found = () if update.as_is or notice.as_is else leaks(update.text, names)
            if found:
                told.append(f"{notice.id}: a text is withheld, for it names {found[0]}")
                update = replace(update, text=words.WITHHELD)  # noqa: PLW2901 -- the public one
            updates.append(update)
        title = notice.title
        if not notice.as_is and (found := leaks(title, names)):
            told.append(f"{notice.id}: its title is withheld, for it names {found[0]}")
            title = words.IMPACT[notice.impact]
        kept.append(replace(notice, title=title, updates=tuple(updates)))
    return tuple(kept), tuple(told)


def public_windows(
    windows: Sequence[Maintenance], names: tuple[str, ...]
) -> tuple[tuple[Maintenance, ...], tuple[str, ...]]:
    """Return windows of maintenance with internal reasons withheld, and a line on each that was."""
    told = [
        f"maintenance of {moment_text(each.start)}: its reason is withheld, for it names {found[0]}"
        for each in windows
        if (found := leaks(each.reason, names))
    ]
    public = (
        replace(each, reason=words.MAINTENANCE) if leaks(each.reason, names) else each
        for each in windows
    )
    return tuple(public), tuple(told)


def _environment(page: Page) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    named = {row.component.id: row.component.name for row in page.rows}
    environment.filters |= {
        "moment": words.moment,
        "until": words.until,
        "rfc": moment_text,
        "truth": words.of_day,
        "uptime": words.uptime,
        "day": _day,
        "odd": _odd,
        "names": lambda ids: ", ".join(named.get(each, each) for each in ids),
    }
    return environment


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _odd(days: Sequence[Day]) -> list[Day]:
    """Return the days that were measured and have something to tell."""
    return [day for day in days if day.state not in {State.UNKNOWN, State.WORKS}]


def _chunks(notices: Sequence[Notice]) -> Iterator[list[Notice]]:
    """Yield the notices of each page of the history; without any, one empty page."""
    chunk: list[Notice] = []
    letters = 0
    for notice in notices:
        size = 400 + sum(len(_whole(update.text).encode()) + 200 for update in notice.updates)
        if chunk and letters + size > _LETTERS:
            yield chunk
            chunk, letters = [], 0
        chunk.append(notice)
        letters += size
    yield chunk


def _dot(state: State) -> str:
    colour = {"works": "#17794a", "degraded": "#b97900", "outage": "#bf2f27"}.get(state, "#586474")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<circle cx="8" cy="8" r="7" fill="{colour}"/></svg>\n'
    )
