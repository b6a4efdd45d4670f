# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Where: "at …", "in room 4", "on Zoom", addresses and links."""

import re
from typing import NamedTuple

from service.parsing.patterns import has_any, later

# "in" belongs to these verbs: "hand in the keys".
_ALONE = "".join(
    f"(?<!{verb} )" for verb in "pencil fit slot squeeze put hand turn send fill".split()
)
_INTRO = later(
    r"\b(?P<where>(?:it\s+(?:will|is)(?:\s+be)?\s+)?(?:located|held|taking place|happening)\s+(?:at|in)|location\s*(?:is|will be|:|at)?|venue\s*(?:is|will be|:)?)\s+"
    rf"|(?P<pin>\U0001f4cd)\s*|(?:{_ALONE}\b(?P<prep>at|in|inside|@)|(?P<sign>@))\s+|\b(?P<on>on|over|via|near|through(?=\s+the)|to(?=\s+the\s+[A-Z]))\s+",
    re.IGNORECASE,
)
_PLAIN_INTRO = later(
    rf"{_ALONE}\b(?:(?P<prep>at|in|inside)|(?P<on>on|over|via|near|through(?=\s+the)|to(?=\s+the\s+[A-Z])))\s+"
    r"|(?P<sign>@)\s+|(?P<where>(?!))|(?P<pin>(?!))",
    re.IGNORECASE,
)
# Words that only the fuller and slower expression knows.
_FULL = ("\U0001f4cd", "locat", "venue", "held", "taking", "happening")
_WORD = later(r"[^\W_][\w'.&#/:-]*|[,|;!?()\"&]")
STOP = frozenset(
    (
        "with for from to about regarding that which who where please by after before it i we "
        "will it's lasting called titled so and on in at if when because is be then but until "
        "sometime into as via or my your not there are has have can do instead whose named "
        "starting all also again"
    ).split()
)
_NEVER = frozenset(
    (
        "all least once most that this person advance order general case touch charge between "
        "me my mind it our your full addition fact time first last person's the end calendar "
        "schedule about half particular total day going getting doing future which what who "
        "them us future row turn bulk secret private theory"
    ).split()
)
_CALENDAR = frozenset(
    (
        "calendar",
        "schedule",
        "agenda",
        "diary",
        "planner",
        "calender",
        "caldendar",
        "reminders",
        "list",
        "meeting",
        "event",
        "appointment",
        "morning",
        "time",
        "moment",
        "same",
    )
)
ONLINE = frozenset(
    ("zoom teams skype slack webex hangouts google facetime discord meet phone telephone").split()
)
PLACES = frozenset(
    (
        "room office building hall street st ave avenue park cafe café restaurant school "
        "library airport hotel church gym center centre hospital clinic house home store mall "
        "bar lobby kitchen downtown beach station salon theater theatre stadium museum "
        "university college lounge garden bank court plaza club place mountain lake shop "
        "floor road rd lane auditorium cafeteria campus arena pool studio market zoo garage "
        "field pitch aula rink rm canteen headquarters hq lab city country desk basement grounds gardens yard backyard town bronx work "
        "boardroom ground hut chapel pavilion clubhouse pub cathedral courtyard playground bandstand"
    ).split()
)


# On which things happen: "on the north lawn".
_OUTDOORS = frozenset(
    ("lawn", "terrace", "roof", "rooftop", "deck", "patio", "balcony", "green", "beach", "pier")
)
_STREET = later(
    r"\s+\d{1,3}(?:st|nd|rd|th)\b|\s+(?:the\s+)?(?:\w+\s+){1,2}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|drive|way)\b",
    re.IGNORECASE,
)
# The state of a town, the room of a building: "Salem, Oregon", "Building C, Room 210".
_LARGER = later(r"\s(?:[A-Z][\w'-]*\s?){1,2}(?:\d{1,4}\w?\s?)?(?:$|[|,;.])")
_SHORTENED = frozenset("st. ave. rd. dr. mt. ft. ln. sq. rm. bldg. blvd. ste. no.".split())
_INITIAL = len("J.")
_ORDINAL = later(r"\d{1,3}(?:st|nd|rd|th)$")
_OWN = frozenset(("my", "our", "your", "his", "her", "their"))
_OWN_PLACE = later(
    r"\s+(?:place|house|home|apartment|flat|office|desk|cabin|condo|dorm|parents|backyard|gym|church"
    r"|school|room)\b",
    re.IGNORECASE,
)
_ARTICLES = frozenset(("the", "a", "an"))


# No place without one of these; looking for them is far cheaper than for the phrases.
_HINTS = (
    " at ", " in ", " on ", "@", " via ", " over ", " to the ", "near ", "inside ", "through ",
    "locat", "venue", "held ", "\U0001f4cd",
)  # fmt: skip


class Place(NamedTuple):
    """The place found and the part of the text that names it."""

    name: str
    start: int
    end: int


def find(text: str) -> Place | None:
    """Return the place named in the residue, or None; "at" outweighs "in", a name a common noun."""
    padded = f" {text.lower()} "
    if not has_any(padded, _HINTS):
        return None
    intro = _INTRO if has_any(padded, _FULL) else _PLAIN_INTRO
    best: Place | None = None
    best_score = 0
    caseless = text == text.lower()
    for match in intro.finditer(text):
        cut = text.find(" - ", match.end()) if match["pin"] else -1
        words, end = _phrase(text if cut < 0 else text[:cut], match.end())
        if not words:
            continue
        score = _score(match, words, caseless=caseless)
        if score and score >= best_score:
            name = " ".join(words)
            name = re.sub(r"(?i)^(?:the\s+)?(.*\w)\s+location$", r"\1", name)
            best, best_score = Place(name, match.start(), end), score
    return best


def _phrase(text: str, at: int) -> tuple[list[str], int]:
    words: list[str] = []
    end = at
    for match in _WORD.finditer(text, at, min(len(text), at + 200)):
        word = match.group()
        low = word.lower()
        if word == "&" and words and words[-1][0].isupper() and text[end + 3 : end + 4].isupper():
            words.append(word)  # "Hope & Anchor"
            continue
        if not word[0].isalnum():
            if word == "," and words and any(ch.isdigit() for ch in words[0]) and len(words) < 6:
                continue
            if (
                word == ","
                and words
                and words[-1][0].isupper()
                and _LARGER.match(text, match.end())
            ):
                words[-1] += ","
                continue
            break
        owned = low in _OWN and not words and _OWN_PLACE.match(text, match.end()) is not None
        if low in STOP and not owned and not _bridges(low, words, text, match.end()):
            break
        dotted = word.endswith(".") and not (
            (low in _SHORTENED or len(word) == _INITIAL) and match.end() < len(text)
        )
        words.append(word.rstrip(".") if dotted else word)
        end = match.end() - (1 if dotted else 0)
        if dotted or len(words) >= 8:
            break
    return words, end


def _bridges(low: str, words: list[str], text: str, at: int) -> bool:
    """Say whether "and", "on" or "in" joins two halves of one name: "Starbucks on Main Street"."""
    if not words or low not in ("and", "on", "in"):
        return False
    if low == "on" and _STREET.match(text, at):
        return True
    begun = words[-1][0].isupper() or (low == "and" and _ORDINAL.match(words[-1]) is not None)
    return begun and text[at + 1 : at + 2].isupper()


def _score(match: re.Match[str], words: list[str], *, caseless: bool) -> int:
    """Weigh a candidate: 9 for "located at", 7 for "at" and a name, down to 0 for no place."""
    if match["where"] or match["pin"]:
        return 9
    lows = [word.lower() for word in words]
    content = [word for word in lows if word not in _ARTICLES and word not in _OWN]
    placed = bool(set(content) & PLACES)
    if not content or _is_no_place(content, placed=placed):
        return 0
    named = next(word[0].isupper() for word in words if word.lower() not in _ARTICLES | _OWN)
    if match["on"]:
        return _score_on(match["on"].lower(), lows, named=named)
    if words[0][0].isdigit():
        return 5 if len(words) > 1 else 0
    at = (match["prep"] or "@").lower() != "in"
    return _score_in(at=at, sure=named or placed, likely=caseless or len(content) <= 2)


def _score_in(*, at: bool, sure: bool, likely: bool) -> int:
    if at:
        return 7 if sure else 5
    return 6 if sure else 3 * likely


def _is_no_place(content: list[str], *, placed: bool) -> bool:
    gerund = len(content) == 1 and content[0].endswith("ing")
    calendar = any(word in _CALENDAR for word in content[:2]) and not placed
    return content[0] in _NEVER or calendar or gerund


def _score_on(preposition: str, lows: list[str], *, named: bool) -> int:
    """Take "on Zoom" and "on Mount Eliza", not "on the budget"."""
    if set(lows[:2]) & ONLINE or (_ORDINAL.match(lows[0]) and "and" in lows):
        return 6
    if preposition == "on" and lows[0] == "the" and lows[-1] in _OUTDOORS:
        return 5
    return 4 if preposition in ("on", "near", "through", "to") and named else 0
