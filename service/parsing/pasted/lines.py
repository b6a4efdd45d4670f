# ruff: noqa: RUF001  # a dash that begins an entry of a list
# ruff: noqa: E501  # a pattern is one row however wide
"""What a line of a pasted text is, by its first words."""

from typing import NamedTuple

from service.parsing.patterns import later


class Line(NamedTuple):
    """A line without its margin: from where to where, and its words in small letters."""

    start: int
    end: int
    lower: str
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """True when nothing stands in it."""
        return not self.lower


_EACH = later(r"[^\n]+|\n[ \t\r]*\n\s*(?=\n|\Z)|\n[ \t\r]*(?=\n)")  # empty lines in a row are one
_QUOTED = later(r"\s{0,4}(?:>\s?|\|\s)+")
_SPACES = " \t\r\u00a0\u200b"

HEADER = later(
    r"\*{0,2}(from|sent|to|cc|bcc|date|subject|reply-to|message-id|received|return-path|delivered-to"
    r"|mime-version|content-[a-z-]+|x-[a-z-]+|importance|priority|attachments?)\s?:\*{0,2}\s?(.*)"
)
# Without one of these, "Date:" and "Subject:" are labels of an event.
OF_MAIL = frozenset(("from", "sent", "message-id", "received", "return-path"))
# The date of a mail is written in one way only.
MAIL_DATE = later(r"(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4},? \d\d:\d\d:\d\d (?:[+-]\d{4}|gmt|utc)\b")
ATTRIBUTION = later(
    r"(?:on|am|le|el|il|op) .{4,200}(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef).{0,60}:$"
)
ATTRIBUTION_BEGINS = later(r"on (?:mon|tue|wed|thu|fri|sat|sun|\d).{6,150}(?:<[^>]{3,80}>|,)$")
FORWARDED = later(
    r"-{2,}\s?(?:original|forwarded|weitergeleitete|urspr\w+) (?:message|mail|appointment|nachricht)\s?-*$"
    r"|begin forwarded message:$|_{10,}$"
)
CLOSING = later(
    r"(?:(?:kind|best|warm|warmest|many|with|yours|sincerely|kindest|all the) ?)?(?:kind |best |warm )?"
    r"(?:regards|wishes|thanks|best|sincerely|truly|faithfully|cheers|thank you|thx|greetings|respectfully|cordially)"
    r"(?: (?:in advance|again|so much|and regards|yours|a lot))?[,.!]*$|--\s?$|—$|xoxo?$"
)
DEVICE = later(r"sent (?:from|via) (?:my |the )?\w+|get outlook for")
SALUTATION = later(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b[^.?:\d]{0,60}[,!:.]?$"
)
OPENING_HOURS = later(
    r".{0,60}\b(?:opening|office|business|store|visiting|reception|consultation|service|support|desk) (?:hours|times)\b"
    r"|.{0,60}\bopen(?:ing)?(?:ed)?:? (?:daily|every day|mon|tue|wed|thu|fri|sat|sun|from|weekdays|\d)"
    r"|.{0,60}\b(?:call|tel|phone|ring|contact)\b.{0,40}\d{5}.{0,20}(?:mon|tue|wed|thu|fri|sat|sun|weekdays|daily)"
    r"|hours:? .{0,20}(?:mon|tue|wed|thu|fri|sat|sun|daily|weekdays)"
)
LEGAL = later(
    r"(?:this (?:e-?mail|message)|the information (?:contained )?in this|confidential|unsubscribe|to unsubscribe|copyright|©)\b"
)
# Before what somebody writes in a chat: "[10/03/2026, 21:14] Mia: ", "Mia (21:14): ".
_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]m)?"
_DAY = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}"
_NAME = r"[^\W\d][^:\[\]()\n\d]{0,30}"
CHAT = later(
    rf"\[(?:(?:{_DAY}|today|yesterday),? )?{_CLOCK}(?:, {_DAY})?\]\s+(?:{_NAME}:\s+)?"
    rf"|{_DAY},? {_CLOCK} - {_NAME}:\s+|{_NAME} [(\[]{_CLOCK}[)\]]:\s+"
)
# A line over what somebody writes in a chat: "Slack | #ops | Wed 09:00", "Ana Ruiz  9:14 AM".
STAMP = later(
    r"(?:slack|(?:microsoft )?teams|whatsapp|signal|telegram|discord|mattermost)\s?[|>:-].*"
    rf"|{_NAME}(?:\s{{2,}}|\t)(?:(?:today|yesterday) at )?{_CLOCK}"
    # a channel, and minutes that nobody would choose to meet at
    rf"|\#[a-z][\w-]{{1,40}}|{_NAME} \d{{1,2}}:(?!\d[05])\d\d\s?[ap]m"
)
# A line that says nothing but on which days and hours: those of a shop, where a day is said as well.
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?"
HOURS_ALONE = later(
    rf"{_WEEKDAY}\s?(?:-|to|until)\s?{_WEEKDAY}[,:]?\s{{1,3}}(?:from )?\d{{1,2}}(?:[:.]\d\d)?\s?(?:[ap]m)?"
    r"\s?(?:-|to|until)\s?\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]m)?"
)
BULLET = later(r"(?:[-*•·–+▪]|\(?\d{1,2}[.)]|\[[ x]?\])\s+(?=\S)")


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text in their order, empty ones too."""
    found = []
    for match in _EACH.finditer(text):
        start, end = match.span()
        quote = _QUOTED.match(text, start, end)
        start = quote.end() if quote else start
        raw = text[start:end]
        bare = raw.strip(_SPACES)
        start += len(raw) - len(raw.lstrip(_SPACES))
        if said := CHAT.match(bare.lower()):
            start += said.end()
            bare = bare[said.end() :]
        found.append(Line(start, start + len(bare), bare.lower(), quote is not None))
    return found
