"""Whether a text speaks of what is behind us: "what did I do on Monday", "Painted the fence"."""

import re

from service.parsing.patterns import later

# Verbs of asking that end in "ed" say what is to come: "Booked the dentist for Friday".
_TO_COME = (
    "need|fe|scheduled|booked|planned|invited|moved|rescheduled|postponed|arranged|reserved"
    "|confirmed|agreed|added|asked|promised|decided|supposed|delayed|proposed|requested|expected"
    "|shared|required|signed|closed"
)
_AFTER_A_VERB = r"(?= (?:the|my|our|a|an|his|her|their|with|to|for|out|up|off|all|some|and)\b)"
_REGULAR = rf"(?!(?:{_TO_COME})\b)[a-z]{{3,14}}ed{_AFTER_A_VERB}"
_IRREGULAR = (
    "went|ran|ate|drove|flew|wrote|paid|gave|sold|swam|slept|spoke|took|did|made|came|rode|threw"
    f"|taught|brought|began|had|(?:met|saw|left|lost|won|sent|spent|got|told){_AFTER_A_VERB}"
)
# "changed to 9 on Monday" says when it will be; "Changed to winter tyres" does not.
_MOVED = (
    r"(?:changed|shifted|pushed|switched|swapped|brought forward) (?:to|from) "
    r"(?:at |the )?(?:\d|noon|next|this|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b)"
)
_PAST = later(
    r"^(?:what|when|who|how|where|did)\b.{0,40}\b(?:did|was|were|had)\b"
    rf"|^(?!{_MOVED})(?:(?:i|we|log|logged|note)\b:? )?(?:{_REGULAR}|{_IRREGULAR})\b"
)
# What a text about the past begins with, where it has no verb in "ed".
_BEGINNINGS = frozenset(
    word[:3] for word in ("what", "when", "who", "how", "where", "did", "log", "note", "we ", "we:")
) | {word[:3] for word in re.findall("[a-z]{3,}", _IRREGULAR.replace(_AFTER_A_VERB, ""))}
_OF_ONE_LETTER = ("i ", "i:")


def is_past(lower: str) -> bool:
    """Say whether a lower-cased text asks or tells about the past."""
    if "ed " not in lower and lower[:3] not in _BEGINNINGS and lower[:2] not in _OF_ONE_LETTER:
        return False  # nearly every request, at one look
    return _PAST.match(lower) is not None
