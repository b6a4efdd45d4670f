# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Who takes part: names after "with", "invite" or "meet", and lists of names."""

import re
from typing import NamedTuple

from service.parsing.patterns import has_any, later
from service.parsing.roles import clauses

_WORD = later(r"[^\W_][\w'.&-]*(?:@[\w.-]+)?|[,|;:!?()\"/&@+]")
_INTRO = later(
    r"\b(?P<with>[Ww]ith|wiht|wtih|wth|w/|w(?=\s+[A-Z])|between(?=\s+[A-Z])|for(?=\s+[A-Z][\w.]*(?:\s[A-Z][\w.]*)?(?:,|\s+and\s+)\s*[A-Z]))\s*(?<=[\s/])|\b(?P<invite>[Ii]nvit(?:e|ing)|[Mm]eet(?:ing)?(?:\s+up)?(?=\s+[A-Z])(?!\s+R(?:oo)?m\b)|cc)\s+"
    r"|\b(?P<to>(?:meeting|appointment|call)s?\s+(?:for|to)\s+)(?=(?:DR|Dr|[A-Z][\w.]*(?:,|\s+and\s)))"
    r"|\b(?P<are>(?:[Aa]re|[Ii]s)\s+)(?=[A-Z])|^(?P<confirm>(?:please\s+)?confirm\s+)",
)
_INTRO_ANY_CASE = later(
    r"\b(?P<with>with|w/|w(?=\s))\s*(?<=[\s/])|\b(?P<invite>invite|meet)\s+(?!up|with|me\b|at|in|on|the|us\b|for|a\b)",
    re.IGNORECASE,
)
_FREE = later(r"\s+(?:free|available|busy)")
_STOP = frozenset(
    (
        "at in on for from to about regarding re concerning that which who so because called "
        "titled named discussing please is are will while when if by as via over after before "
        "during until this next every has have can it we i lasting then but into not asap "
        "sometime somewhere again all afterwards up be was would should tomorrow today and or "
        "of free available going where there here also put add schedule set book make send "
        "through using label today's before entitled i'll i'm it's we're let's another early "
        "late mid again soon later somewhere since "
        "ok okay thanks thank needs need"
    ).split()
)
_SELF = frozenset(
    (
        "me",
        "myself",
        "i",
        "us",
        "you",
        "him",
        "her",
        "them",
        "everyone",
        "everybody",
        "it",
        "his",
        "their",
        "my",
    )
)
_DETERMINERS = frozenset(("my", "the", "our", "a", "an", "his", "her", "their"))
_GROUPS = frozenset(
    (
        "department",
        "team",
        "group",
        "committee",
        "staff",
        "division",
        "crew",
        "kids",
        "people",
        "office",
        "family's",
        "company",
        "food",
        "cake",
        "drinks",
    )
)
# "With a client" names somebody; "with a break" does not.
_PEOPLE = frozenset(
    (
        "friend buddy client customer doctor colleague coworker lawyer therapist recruiter "
        "candidate trainer tutor realtor guest neighbor neighbour student patient vendor "
        "contractor reporter specialist consultant advisor adviser agent mentor nurse dentist "
        "counselor investor"
    ).split()
)
_TITLES = frozenset(
    (
        "dr",
        "dr.",
        "mr",
        "mr.",
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "doctor",
        "professor",
        "prof.",
        "coach",
        "aunt",
        "uncle",
    )
)


_MOST_CHARS = 300  # a list of names is short; this bounds the work
_MOST_WORDS = 4  # in one name


# Nobody is named without one of these; looking for them is far cheaper than for the phrases.
_HINTS = (
    "with", "for ", "to ", "is ", "are ", "meet", "invit", "w/", "between", "wiht", "cc ",
    "confirm",
)  # fmt: skip
_SHORT_WITH = later(r"\bw ")


# What needs the fuller and slower expressions.
_FULL = ("invit", "meet", "cc ", "confirm")
_WITH = later(r"\b(?P<with>with|wiht|w/|(?-i:w)(?=\s))\s*(?<=[\s/])", re.IGNORECASE)


_OWNED = later(r"(?:his|her|their|the|my|our) ")
_HELPING = later(r"\b[Hh]elp\b[^|.]{0,40}$")
# What somebody is, before the name: "my cousin Malte", "engineers Pia and Kofi".
_RELATIONS = frozenset(
    (
        "cousin friend friends colleague colleagues brother sister mother father boss manager "
        "engineer engineers designer designers developer developers teacher neighbor neighbour "
        "client clients customer lawyer wife husband girlfriend boyfriend partner son daughter "
        "nephew niece buddy roommate flatmate intern interns student students architect "
        "consultant accountant director directors trainer agent mentor"
    ).split()
)


class Names(NamedTuple):
    """The people found and the part of the text that names them."""

    names: tuple[str, ...]
    start: int
    end: int


def find(text: str) -> Names | None:
    """Return the people named in the residue, or None."""
    return _led(text) or _in_a_clause(text, clauses.named(text))


def more(text: str) -> Names | None:
    """Return who is added in a clause of their own: "… and add Selma as optional"."""
    return _in_a_clause(text, clauses.added(text)) if "dd " in text else None


def _in_a_clause(text: str, clause: clauses.Clause | None) -> Names | None:
    if clause is None:
        return None
    names, _ = _names(text[: clause.names_end], clause.names_start)
    return Names(tuple(names), clause.start, clause.end) if names else None


def _led(text: str) -> Names | None:
    """Find people after "with" and its like."""
    lower = text.lower()
    if not (has_any(lower, _HINTS) or ("w " in lower and _SHORT_WITH.search(lower))):
        return None
    intro = _INTRO if text != lower else _INTRO_ANY_CASE
    if not (", " in text or " and " in lower or has_any(lower, _FULL)):
        intro = _WITH
    for match in intro.finditer(text):
        names, end = _names(text, match.end())
        if _OWNED.match(text, match.end()) and _HELPING.search(text, 0, match.start()):
            continue  # "help Otto with his move"
        if match.re is _INTRO and match["are"] and not _FREE.match(text, end):
            continue
        if names:
            start = match.start() if match["with"] or match["invite"] else match.end()
            return Names(tuple(names), start, end)
    return None


def _names(text: str, at: int) -> tuple[list[str], int]:
    """Read "Ana, Bob's manager and Dr. Lee": names between commas and "and"."""
    names: list[str] = []
    current: list[str] = []
    end = at
    shouting = text[at : at + _MOST_CHARS] == text[at : at + _MOST_CHARS].lower()
    for match in _WORD.finditer(text, at, min(len(text), at + _MOST_CHARS)):
        word = match.group()
        if _separates(text, match, opened=bool(current or names)) and (
            current or word != "," or not names
        ):
            _close(current, names)
            continue
        if _ends(word, current, names, caseless=shouting):
            break
        full_stop = _is_full_stop(word)
        current.append(word.rstrip(".") if full_stop else word)
        end = match.end() - full_stop
        if full_stop:
            break
    _close(current, names)
    if any(name.lower().split()[-1] in _GROUPS for name in names):
        return [], at
    return names, end


def _separates(text: str, match: re.Match[str], *, opened: bool) -> bool:
    word = match.group().lower()
    return word == "," or (
        word in ("and", "&", "an", "+") and opened and _goes_on(text, match.end())
    )


def _is_full_stop(word: str) -> bool:
    initial = len(word) == 2 and word[0].isupper()
    return word.endswith(".") and word.lower() not in _TITLES and not initial


def _ends(word: str, current: list[str], names: list[str], *, caseless: bool) -> bool:
    """Say whether a word can no longer belong to the names."""
    low = word.lower().rstrip(".")
    if not word[0].isalnum() or low in _STOP or len(current) >= _MOST_WORDS:
        return True
    if current:
        clause = word[0].islower() and current[-1][0].isupper() and not current[-1].endswith("'s")
        return clause or low in _DETERMINERS
    return bool(names) and word[0].islower() and not caseless and low not in _DETERMINERS | _SELF


def _goes_on(text: str, at: int) -> bool:
    """After "and": a name follows, not another clause."""
    following = _WORD.match(text, at + 1) if at < len(text) else None
    word = following.group() if following else ""
    return bool(word) and word.lower() not in _STOP | {"his", "her", "their", "have", "has"}


def _close(current: list[str], names: list[str]) -> None:
    if current and current[-1].lower() in ("whose", "named"):
        current.pop()
    words = list(current)
    current.clear()
    if words and words[0].lower() in ("my", "our", "his", "her") and len(words) > 1:
        words = words[1:]
    if len(words) > 1 and words[0].lower() in _RELATIONS and words[1][0].isupper():
        words = words[1:]
    if (
        words
        and words[0].lower() not in _SELF
        and not all(w.lower() in _DETERMINERS for w in words)
        and (words[0].lower() not in ("a", "an") or words[-1].lower() in _PEOPLE)
    ):
        name = " ".join(words)
        if name not in names:
            names.append(name)
