"""Where: "at …", "in room 4", "on Zoom", addresses and links."""

import re
from typing import NamedTuple

_INTRO = re.compile(
    r"\b(?P<where>(?:it\s+(?:will|is)(?:\s+be)?\s+)?(?:located|held|taking place|happening)\s+(?:at|in)|location\s*(?:is|:|at)?|venue\s*(?:is|:)?)\s+"
    r"|(?:\b(?P<prep>at|in|inside|@)|(?P<sign>@))\s+|\b(?P<on>on|over|via|near|through(?=\s+the)|to(?=\s+the\s+[A-Z]))\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_][\w'.&#/:-]*|[,|;!?()\"]")
_STOP = frozenset(
    "with for from to about regarding that which who where please by after before it i we will it's "
    "lasting called titled so and on in at if when because is be then but until sometime into as via "
    "or my your not there are has have can do instead whose named starting all also again".split()
)
_NEVER = frozenset(
    "all least once most that this person advance order general case touch charge between me my mind "
    "it our your full addition fact time first last person's the end calendar schedule about half "
    "particular total day going getting doing future which what who them us future".split()
)
_CALENDAR = frozenset(("calendar", "schedule", "agenda", "diary", "planner", "calender", "caldendar", "reminders", "list", "meeting", "event", "appointment", "morning", "time", "moment", "same"))
_ONLINE = frozenset("zoom teams skype slack webex hangouts google facetime discord meet phone telephone".split())
_PLACES = frozenset(
    "room office building hall street st ave avenue park cafe café restaurant school library airport "
    "hotel church gym center centre hospital clinic house home store mall bar lobby kitchen downtown "
    "beach station salon theater theatre stadium museum university college lounge garden bank court "
    "plaza club place mountain lake shop floor road rd lane auditorium cafeteria campus arena pool "
    "studio market zoo garage headquarters hq lab city country desk basement yard backyard town bronx "
    "work".split()
)


class Place(NamedTuple):
    """The place found and the part of the text that names it."""

    name: str
    start: int
    end: int


def find(text: str) -> Place | None:
    """Return the place named in the residue, or None; "at" outweighs "in", a name a common noun."""
    best: Place | None = None
    best_score = 0
    caseless = text == text.lower()
    for match in _INTRO.finditer(text):
        words, end = _phrase(text, match.end())
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
        if not word[0].isalnum():
            if word == "," and words and any(ch.isdigit() for ch in words[0]) and len(words) < 6:
                continue
            break
        if low in _STOP and not _bridges(low, words, text, match.end()):
            break
        dotted = word.endswith(".") and not (len(word) <= 4 and word[0].isupper() and match.end() < len(text))
        words.append(word.rstrip(".") if dotted else word)
        end = match.end() - (1 if dotted else 0)
        if dotted or len(words) >= 8:
            break
    return words, end


def _bridges(low: str, words: list[str], text: str, at: int) -> bool:
    """Say whether "and", "on", "in" or "at" joins two capitalised halves of one name."""
    following = text[at + 1 : at + 2]
    return low in ("and", "on", "in") and bool(words) and words[-1][0].isupper() and following.isupper()


def _score(match: re.Match[str], words: list[str], *, caseless: bool) -> int:
    first, lows = words[0], [word.lower() for word in words]
    if match["where"]:
        return 9
    content = [w for w in lows if w not in ("the", "a", "an")]
    if not content or content[0] in _NEVER or any(w in _CALENDAR for w in content[:2]) and not set(content) & _PLACES:
        return 0
    if content[0].endswith("ing") and len(content) == 1:
        return 0
    named = next((w[0].isupper() for w in words if w.lower() not in ("the", "a", "an")), False)
    placed = bool(set(content) & _PLACES)
    if match["on"]:
        if lows[0] in _ONLINE or (len(lows) > 1 and lows[1] in _ONLINE):
            return 6
        return 4 if match["on"].lower() in ("on", "near", "through", "to") and (first[0].isupper() or first == "the") and named else 0
    at = (match["prep"] or "@").lower() != "in"
    if first[0].isdigit():
        return 5 if len(words) > 1 else 0
    if at:
        return 7 if named or placed else 5
    if named or placed:
        return 6
    return 3 if caseless or len(content) <= 2 else 0
