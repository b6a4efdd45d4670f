"""What: the residue without the scaffolding of asking ("can you put a … on my calendar")."""

import re

_NOUN = r"(?:events?|appointments?|appt|appts|meetings?|entry|entries|item|reminders?|slot|slots|time|block|something|invite|session|spot|placeholder|notification|alert|calendar event|date|day|plans?|activity|task|timer|alarm|calendar (?:event|entry|item|reminder))"
_PREFIX = re.compile(
    r"(?:(?:hi|hello|hey|howdy|ok|okay|yes|yeah|please|pls|kindly|cortana|olly|alexa|siri|google|so|also|now|then|well|just|there|and|but|oh|um|good morning|thanks|no)\b[\s,!.:-]*"
    r"|(?:can|could|will|would|may) (?:you|u|we|i)(?: please)?\s+|let'?s\s+|let us\s+|(?:i|we) (?:would|'d) (?:like|love|want)(?: for)?(?: you)? to\s+|(?:i|we)'d (?:like|love|want)(?: for)?(?: you)? to\s+"
    r"|(?:i|we) (?:want|need|have|wish|plan|got|hope)(?: for)?(?: you)? to\s+|i(?:'m| am) (?:trying|looking|going|planning|interested in|hoping)(?: to)?\s+|(?:we're|we are) going to(?: have)?\s+"
    r"|(?:i|we)(?: will|'ll| shall) (?:be |have |need )?|(?:i|we) (?:have|need|want|had|'ve got)(?: got)?(?=\s+(?:a|an|my|the|some|\w+))\s+|i wanna\s+|i(?:'m| am)\s+(?:having|attending|meeting|planning)?\s*|help me(?: to)?\s+|(?:please )?(?:make sure|don't forget|remember)(?: to)?(?: that)?\s+"
    r"|do you think you (?:can|could)\s+|i must\s+|i should\s+|(?:we|they) (?:have|are having)\s+|there(?:'s| is| will be)\s+|(?:write|note) down that\s+|it's\s+|that\s+(?=i\b))",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:(?:re)?schedule|set ?up|set|setup|creat(?:e|ing)?|add(?: in)?|book|make|put(?: down| in| on| up)?|plan(?: for| out)?|arrange|organi[sz]e|enter|insert|block(?: off| out)?|mark(?: down)?|reserve|"
    r"repeat(?:s|ing)?|recurring|start|have|log|note|save|pencil(?: me)? in|register|record|input|include|get|generate|place|find|give|show|send|throw|slot|fit in|confirm|begin|update|list|do)\b(?! (?:up|out|off)\b)\s*",
    re.IGNORECASE,
)
_REMIND = re.compile(r"(?:remind|notify|alert|remember|prompt|ping|tell)(?: (?:me|us))?\s*(?:to|about|of|that|for|regarding)?\s+(?:i\s+have\s+|to\s+)?", re.IGNORECASE)
_QUERY = re.compile(
    r"(?:what(?:'s| is| are| was| time| day| date)*(?: is| does| do| are| was)?|when(?:'s| is| are| does| do| will| was)?(?: and where(?: is)?)?|where(?:'s| is| are| will)?|who(?: is| will be| are)?|how (?:long|many|much|about)(?: is| are| will| does)?|which day|"
    r"do i have|have i got|am i|is there|are there|is|are|was|will|does|did i have|show(?: me)?|tell me(?: about| when| what| all known details about)?|list|check(?: on)?|give me|look up|find(?: out)?|let me know when|can you tell me(?: about)?|see(?: if)?)\b\s*",
    re.IGNORECASE,
)
_CANCEL = re.compile(r"(?:cancel(?:led)?|delete|remove|erase|clear|drop|take (?:out|off)|get rid of|disregard|call off|forget|scratch|unschedule|move|reschedule|postpone|push(?: back)?|change|shift|delay|bring forward|switch)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:an?|the|my|our|me|us|some|another|new|all(?: of)?|any|upcoming|next|last|in|this|that|those|these|for|up|up coming|quick)\s+", re.IGNORECASE)
_GENERIC = re.compile(
    rf"(?:(?:calendar|all[ -]day|full[ -]day|whole day|new|quick|short|long|brief|recurring|repeating|weekly|hour|minute)\s+){{0,2}}{_NOUN}\s*(?:(?:is|be)\s+)?(?:called|titled|named|labell?ed|entitled|saying|that says|for me to|for me|for us to|for|to|about|of|regarding|[,:-]|\|\s*(?:called|titled|named|for|to))\s*[:,]?\s*(?:me to\s+)?",
    re.IGNORECASE,
)
_BARE_NOUN = re.compile(rf"(?:calendar |new )?(?:event|entry|item|reminder|notification|calendar event)s?\s*,?\s+(?=\S)", re.IGNORECASE)
_ONLY_NOUN = re.compile(rf"(?:the |a |an |my |our |new )*(?:{_NOUN}|call it|busy|me|it|you|that|this|there|i|we|on|off|out|calendar|schedule|as|as busy|room|a room|the room|long|hour|hours|minutes|day|available|free|out of (?:the )?office|everyone|him|her|them|us|status|and|to|be|for|is|do i have|have|any|anything|things?|stuff|what|all|then)?[\s,.!?]*", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\s*\b(?:to|on|in|into|onto|from|at|off|of)\s+(?:(?:my|the|our|your|this|his|her)\s+(?:\w+\s)?(?:calend[ae]r|caldendar|schedule|agenda|diary|planner|reminders|reminder list|to-?do list)s?|calend[ae]r)\b|\b(?:and )?(?:put|add|mark) (?:that|this|it) (?:on|to|in) (?:my|the) (?:calendar|schedule)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s+|^)(?:please|pls|for me|for us|thanks|thank you|too|as well|is|are|be|that|on|at|in|for|to|from|with|and|by|lasting|that lasts|which lasts|starting|ending|happening|scheduled|start|starts|begin|begins|ends|take place|taking place|going to be|supposed to(?: be| begin| start)?|gonna happen|i have|set|will be|going on|it|of|the|a|an|my|as|around|about|long|every|all day|again|asap|called|titled|named|later|early|sometime|will|has|planned|coming up|or|then|if possible)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?:^|(?<=[\s(:,]))(?:\"([^\"|]{2,120}?)\"|'([^'|]{3,80}?(?:'s [^'|]{1,80}?)?)'(?![\w]))")
_CALLED = re.compile(r"\b(?:called|titled|named|entitled|call it|name it(?: as)?|title it|label(?:l?ed)?(?: it)?(?: as)?|with the title|input name as|subject(?: is|:))\s*:?,?\s*([^|\"]{2,120}?)\s*(?=\||$|[.!?](?:\s|$)|,\s|\b(?:for|at|on|from|to be|with|and make|starting)\b\s*(?:\||$))", re.IGNORECASE)
_PURPOSE = re.compile(r"(?:for|to|about|regarding|called|titled|named|of|as|and)\s+", re.IGNORECASE)
_SPLIT = re.compile(r"\||[.?!;](?=\s|$)|\s-\s")
_MOST_PEELS = 10


def explicit(text: str) -> str | None:
    """Return the title that the writer marked: in quotes, or after "called"."""
    if quoted := _QUOTED.search(text):
        return (quoted[1] or quoted[2]).strip(" ,.")
    if called := _CALLED.search(text):
        title = called[1].strip(" ,.'\"")
        return title or None
    return None


def find(residue: str, *, removing: bool = False) -> str:
    """Return the title in what is left of a request, "" when nothing is.

    `removing` says that the request cancels or moves, so that its verb is scaffolding too.
    """
    text = _CALENDAR.sub(" ", residue[:600])
    fallback = ""
    for piece in _SPLIT.split(text):
        title = peel(piece, removing=removing)
        if title and not _ONLY_NOUN.fullmatch(title):
            return title
        fallback = fallback or title
    return fallback if len(fallback) > 3 else ""


def peel(text: str, *, removing: bool = False) -> str:
    """Take the layers of asking off both ends of a phrase."""
    text = text.strip(" ,.:-?!\"'()|").strip()
    if purpose := _PURPOSE.match(text):
        text = text[purpose.end() :]
    for _ in range(_MOST_PEELS):
        shorter = _front(text, removing=removing).strip(" ,.:-\"'")
        if shorter == text:
            break
        text = shorter
    return _back(text)


def _front(text: str, *, removing: bool) -> str:
    match = _PREFIX.match(text) or _REMIND.match(text) or (removing and _CANCEL.match(text))
    if match:
        return text[match.end() :]
    if (match := _VERB.match(text)) and match.end() < len(text):
        return text[match.end() :]
    if (match := _GENERIC.match(text)) and match.end() < len(text):
        return text[match.end() :]
    if (match := _BARE_NOUN.match(text)) and match.end() < len(text):
        return text[match.end() :]
    if (match := _QUERY.match(text)) or (match := _ARTICLE.match(text)):
        return text[match.end() :]
    return text


def _back(text: str) -> str:
    for _ in range(_MOST_PEELS):
        match = _TAIL.search(text)
        shorter = text[: match.start()].rstrip(" ,.:-?!\"'") if match else text
        if shorter == text:
            break
        text = shorter
    return text
