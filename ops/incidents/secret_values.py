"""Find the value that belongs to the name of a secret, whatever it is written in.

Takes time in proportion to the text: what was looked at for one value is passed over, but for a
list that does not end, which is given up after some letters or some depth.
"""

import re
from typing import Final

from kit.pure.addresses import MASK

WORDS: Final = (
    r"password|passwd|passphrase|pwd|secret|token|api[_-]?key|routing_key|private[_-]?key"
    r"|access[_-]?key|admin[_-]?key|credential"
)
MARKS: Final = ("pass", "pwd", "secret", "token", "key", "credential", "authorization", "cookie")
"""One of these stands, in lower case, in each name."""
_NAME: Final = re.compile(
    r"(?i)(?:(?P<header>\b(?:(?:proxy-)?authorization|x-api-key|(?:set-)?cookie))"
    rf"|(?:{WORDS})(?P<many>s?))"
    r"(?:\\*+['\"]?\s*+(?:=>|[:=])\s*+|(?(header)['\"]\s*+,\s*+(?=b?['\"])|(?!)))"
)
"""Headers also in tuples, as servers of Python keep them."""
_OPENING: Final = re.compile(r"b?(\\*+)(['\"])")
_QUOTED: Final = {
    quote: re.compile(rf"(?:[^{quote}\\\n]++|\\.)*+(?={quote})") for quote in ("'", '"')
}
_BARE: Final = re.compile(r"(?:[^\s\"',&}\]\\]|\\(?![\"']))++")
_BARE_LIST: Final = re.compile(r"(?:[^\s\"'&}\]\\]|\\(?![\"']))++")
_BARE_HEADER: Final = re.compile(r"(?:[^'\"\r\n,}\\]|\\(?![\"']))++")
_BRACKET: Final = re.compile(r"""[\[{\]}]|"(?:[^"\\\n]++|\\.)*+"?|'(?:[^'\\\n]++|\\.)*+'?""")
_FURTHEST: Final = 4096
_DEEPEST: Final = 16


def without_values(text: str) -> str:
    """Return a text with a mask for the value of each secret that is named."""
    shown, at = [], 0
    while found := _NAME.search(text, at):
        start, end = _value(text, found)
        mask = f'"{MASK}"' if text[start:end].startswith(("[", "{")) else MASK
        shown += [text[at:start], mask if end > start else ""]
        at = end
    return "".join([*shown, text[at:]])


def _value(text: str, name: re.Match[str]) -> tuple[int, int]:
    """Return where the value after a name begins and ends."""
    start = name.end()
    if text.startswith(("[", "{"), start):
        return start, _end_of_list(text, start)
    if opening := _OPENING.match(text, start):
        start = opening.end()
        return start, _end_of_quoted(text, start, *opening.groups())
    bare = _BARE_HEADER if name["header"] else _BARE_LIST if name["many"] else _BARE
    found = bare.match(text, start)
    return start, found.end() if found else start


def _end_of_quoted(text: str, start: int, escape: str, quote: str) -> int:
    """Return where a quoted text ends: at the quote that is escaped as its first, or the line."""
    last = _end_of_line(text, start)
    if escape:
        end = text.find(escape + quote, start, last)
        return last if end < 0 else end
    found = _QUOTED[quote].match(text, start, last + 1)
    return found.end() if found else last


def _end_of_list(text: str, start: int) -> int:
    depth = 0
    for found in _BRACKET.finditer(text, start, start + _FURTHEST):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if depth == 0:
            return found.end()
        if depth > _DEEPEST:
            break
    return _end_of_line(text, start)


def _end_of_line(text: str, start: int) -> int:
    furthest = min(len(text), start + _FURTHEST)
    end = text.find("\n", start, furthest)
    return furthest if end < 0 else end
