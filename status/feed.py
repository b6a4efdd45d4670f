"""The notices and the maintenance as an Atom feed (RFC 4287)."""

from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from slo.maintenance import Maintenance
from status import words
from status.notice import Notice, moment_text
from status.page import Page

_ATOM: Final = "http://www.w3.org/2005/Atom"
_MOST: Final = 50
_XML: Final = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
"""The characters that XML 1.0 has a place for, beside tab and the ends of lines."""


def to_atom(page: Page) -> str:
    """Return the feed; every entry has an id of its own for ever, and is new when it changes."""
    base = page.named.url or ""
    host = _host(base)
    feed = Element("feed", {"xmlns": _ATOM})
    _put(feed, "id", f"tag:{host},2026:status")
    _put(feed, "title", clean(page.named.title))
    _put(feed, "updated", moment_text(page.made))
    _put(SubElement(feed, "author"), "name", clean(page.named.title))
    if base:
        SubElement(feed, "link", {"rel": "self", "href": f"{base}/feed.atom"})
        SubElement(feed, "link", {"rel": "alternate", "href": f"{base}/"})
    for notice in page.notices[:_MOST]:
        _entry(feed, notice, base, host)
    for window in page.maintenance[-_MOST:]:
        _planned(feed, window, host)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _entry(feed: Element, notice: Notice, base: str, host: str) -> None:
    entry = SubElement(feed, "entry")
    last = notice.updates[-1]
    _put(entry, "id", f"tag:{host},2026:notice:{notice.id}")
    _put(entry, "title", clean(f"{words.STAGE[last.stage]}: {notice.title}"))
    _put(entry, "updated", moment_text(last.at))
    _put(entry, "published", moment_text(notice.began))
    if base:
        SubElement(entry, "link", {"href": f"{base}/history.html#{notice.id}"})
    said = (
        f"{words.moment(each.at)}: {words.STAGE[each.stage]}\n{each.text}"
        for each in reversed(notice.updates)
    )
    _put(entry, "content", clean("\n\n".join(said)))


def _planned(feed: Element, window: Maintenance, host: str) -> None:
    entry = SubElement(feed, "entry")
    _put(entry, "id", f"tag:{host},2026:maintenance:{moment_text(window.start)}")
    _put(entry, "title", f"Planned maintenance on {words.moment(window.start)}")
    _put(entry, "updated", moment_text(window.start))
    _put(entry, "content", clean(f"Until {words.moment(window.end)}: {window.reason}"))


def _put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _host(base: str) -> str:
    return urlsplit(base).hostname or "status.invalid"


def clean(text: str) -> str:
    """Return a text without the characters that XML has no place for."""
    return "".join(letter for letter in text if letter in "\t\n\r" or _is_xml(ord(letter)))


def _is_xml(code: int) -> bool:
    return any(first <= code <= last for first, last in _XML)
