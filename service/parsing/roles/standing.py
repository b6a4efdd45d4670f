"""A place without a preposition, between commas or bars: "standup, 9:30, Room 301"."""

import re

from service.parsing.patterns import later
from service.parsing.roles.location import ONLINE, PLACES, STOP, Place

_STREETS = (
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|lane|ln|drive|dr|way|square|plaza|court)"
)
_ALONE = later(
    r"(?<=[|,;.?!])\s*(?P<name>(?:(?:conference|meeting|board|class)\s?)?(?:room|rm)"
    r"\s+[\w-]{1,8}(?:\.\d{1,3})?"
    rf"|\d{{1,5}}\s+(?:\w[\w.]*\s+){{1,3}}{_STREETS}\b\.?"
    r"|[^\W_][\w'.&-]*(?:\s+[^\W_][\w'.&-]*){0,2})\s*(?=$|[|,;.)])",
    re.IGNORECASE,
)
_SURE = later(
    rf"\b(?:room|rm)\s+[\w-]{{1,8}}(?:\.\d{{1,3}})?$"
    r"|\b(?:aula|bldg|building|block|court|field|gallery|hall|kino|lab|pitch|rink|screen|stage|station|studio|suite"
    r"|terminal|ward)\s+(?:\d{1,4}[a-z]?|[a-z])$"
    r"|^(?:(?:sports|town|lecture|concert|main) )?(?:hall|room|studio|saal)\s(?-i:[A-Z])\w+$"
    rf"|^\d{{1,5}}\s.*{_STREETS}\.?$",
    re.IGNORECASE,
)
# Events that are on somewhere; who is named behind a call or an interview is rather a guest.
_GOING_OUT = later(
    r"\b(?:dinner|lunch|brunch|breakfast|supper|drinks|concert|gig|show|party|launch|opening|festival"
    r"|exhibition|fair|market|screening|quiz|reading|recital|reception|gala|wedding|ceremony|tasting"
    r"|performance|play|musical|match|game|tour|workshop|class|ball|picnic|night|slam|open mic"
    r"|fireworks|parade|talk|lecture|meetup|retreat|walk|race|marathon|run|agm|conference|offsite|service"
    r"|assembly|rehearsals?|rehearses|tickets?|camp|training|practice|carols)\b",
    re.IGNORECASE,
)
_NAME = later(r"[A-Z\d][\w'.&-]*(?:\s(?:of|the|and|&|[A-Z\d][\w'.&-]*)){0,3}")
# What is said of a party, and is no place.
_REMARK = later(
    r"(?:bring|wear|dress|see|no|not|please|don't|everyone|everybody|anyone|guests|kids"
    r"|remember|take|read|prepare|call|text|tell|invite|rsvp|byob|tbc|tbd|tba)\b.*"
    r"|.*\b(?:required|attached|included|provided|needed|optional|mandatory|compulsory|welcome"
    r"|allowed|invited|recommended|preferred|only|free|pending|confirmed|cancelled|important|urgent"
    r"|tentative|tbc|tbd|tba)",
    re.IGNORECASE,
)
_PARTING = (",", ";", "-", ".")
_DASH = later(r"\s-\s")


def find(text: str) -> Place | None:
    """Return the place that stands alone after something else, or None."""
    said = text.strip(" |,;.")
    if "|" not in said and "," not in said and ";" not in said:
        return None
    barred = _DASH.sub(" | ", text)  # " - " and " | " are equally long: offsets stay valid
    for match in _ALONE.finditer(barred):
        name = match["name"].strip()
        before = barred[: match.start("name")].strip(" |,;.")
        parted = text[: match.start("name")].rstrip()[-1:] in _PARTING
        gone_to = parted and before and _is_where_people_go(before, match)
        if before and (gone_to or _is_place(name)):
            return Place(name, match.start("name"), match.end("name"))
    return None


def _is_where_people_go(before: str, match: re.Match[str]) -> bool:
    """Take the name behind the time as the place of what one goes to: "Dinner, 7pm, Le Jardin"."""
    led = match.string[: match.start()].rstrip()
    rest = match.string[match.end("name") :].strip(" |.,;)")
    if (rest and _REMARK.fullmatch(rest) is None) or "|" not in led[-3:]:
        return False
    name = match["name"].strip()
    return name in PLACES or (
        _NAME.fullmatch(name) is not None
        and _GOING_OUT.search(before) is not None
        and _REMARK.fullmatch(name) is None
    )


def _is_place(name: str) -> bool:
    words = name.lower().split()
    if words[0] in STOP:
        return False
    last_is_place = words[-1] in PLACES and (len(words) > 1 or name[0].isupper())
    return bool(_SURE.search(name)) or words[0] in ONLINE or last_is_place
