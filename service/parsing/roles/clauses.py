"""People in a clause without "with": "both A and B are coming", "add C as optional"."""

from typing import NamedTuple

from service.parsing.patterns import later

_NAME = r"[A-Z][\w'-]*\.?(?:\s[A-Z][\w'-]*)?"
_SEVERAL = rf"{_NAME}(?:,\s+{_NAME}){{0,8}},?\s+(?:and|&)\s+{_NAME}"
_COMING = later(
    rf"(?:\bboth\s+)?(?P<names>{_SEVERAL})\s+(?:(?:are|will be|will)\s+)?"
    r"(?:coming|joining|attending|invited|there)\b"
)
_WILL = later(
    rf"^(?:Will|Can|Could|Would)\s+(?P<names>{_SEVERAL}|{_NAME})\s+"
    r"(?:be (?:able to|free for|available for)|have time for|make it to|join)\s*"
    r"(?:(?:do|make|come to|have|attend)\b\s*)?"
)
_SEEING = later(
    rf"\b(?:see|need|want)\s+(?P<names>{_NAME})(?=\s+(?:about|regarding|re|to discuss"
    r"|for (?:a |an |the )?(?:lunch|dinner|breakfast|brunch|coffee|tea|drinks|call|chat|meeting"
    r"|review|interview|talk|demo))\b)"
)
_ADDED = later(
    r"(?:(?<=[.;!|])\s*(?:[Pp]lease\s+)?[Aa]dd|\b(?:and|also) add)\s+"
    rf"(?P<names>{_NAME}(?:(?:,\s+|,?\s+and\s+){_NAME}){{0,6}})\s*"
    r"(?:as (?:an? )?(?:optional|guests?|attendees?)|too|as well|to (?:it|the (?:invite|list))"
    r"|\.?\s*$)"
)
_AT_THE_END = later(rf"(?<=[|-])\s+(?P<names>{_SEVERAL})\s*\.?$")
_HINTS = later(
    r"\b(?:coming|joining|attending|invited|there|able|free|available|time|make it|join|see|need"
    r"|want|[Aa]dd)\b|[|-]\s+[A-Z]"
)


class Clause(NamedTuple):
    """Where the names stand, and the part of the text that goes with them."""

    names_start: int
    names_end: int
    start: int
    end: int


def _may_name(text: str) -> bool:
    """Say, at a glance, whether any of the clauses could be there."""
    return (
        " and " in text or "dd " in text or "see " in text or "need " in text or "want " in text
        or "&" in text or text.startswith(("Will ", "Can ", "Could ", "Would "))
    )  # fmt: skip


def named(text: str) -> Clause | None:
    """Return the first clause that says who takes part, or None."""
    if not _may_name(text) or not _HINTS.search(text):
        return None
    for pattern in (_COMING, _WILL, _ADDED, _AT_THE_END):
        if match := pattern.search(text):
            return Clause(*match.span("names"), *match.span())
    seen = _SEEING.search(text)  # "see Tara about the lease" keeps its words
    return Clause(*seen.span("names"), seen.end(), seen.end()) if seen else None


def added(text: str) -> Clause | None:
    """Return a clause that adds people to those already named, or None."""
    match = _ADDED.search(text) if "dd " in text else None
    return Clause(*match.span("names"), *match.span()) if match else None
