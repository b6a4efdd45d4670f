"""An iCalendar text as content lines and components, each as it is written (RFC 5545, 3.1)."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from service.planning.errors import PlanError
from service.planning.work import Work, unlimited

LONGEST_LINE: Final = 65_536
"""Characters of a content line; of a longer one this much is read, and nothing kept."""
MOST_READ: Final = 1_000_000
"""Of one component with all that is in it; far more than is kept of any."""
_HEAD: Final = re.compile(r'([A-Za-z0-9-]++)((?:;[^=:;"]++=(?:"[^"]*+"|[^":;]++)*+)*+):', re.DOTALL)
_PARAMETER: Final = re.compile(r';([^=:;"]++)=((?:"[^"]*+"|[^":;]++)*+)')
_VALUE: Final = re.compile(r'"([^"]*)"|([^",]+)')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_WORK_OF_A_LINE: Final = 2
_CHARACTERS_A_STEP: Final = 100
_DEEPEST: Final = 20
_OCTETS: Final = 75
_PIECE: Final = 4096
_MOST_OCTETS: Final = 4 * (LONGEST_LINE + 1)
_ROWS_A_STEP: Final = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its name and its parameters' in capitals, its value as written."""

    name: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str
    text: str

    def parameter(self, name: str) -> str:
        """Return the first value of a parameter, "" when it is absent."""
        return next(iter(self.parameters.get(name, ())), "")


@dataclass(slots=True)
class Block:
    """A component: its own content lines and those of what is in it, in order, unfolded."""

    name: str
    texts: list[str] = field(default_factory=list)
    inner: list["Block"] = field(default_factory=list)
    size: int = 0
    """How many characters its lines have, ends included. Of too many not all are in `texts`."""

    def add(self, texts: list[str], size: int) -> None:
        """Add content lines of so many characters, unless there are too many already."""
        if self.size <= MOST_READ:
            self.texts += texts
        self.size += size

    def lines(self) -> Iterator[Line]:
        """Yield its own properties, without those of what is in it."""
        return own_lines(self.texts)


def own_lines(texts: list[str] | tuple[str, ...]) -> Iterator[Line]:
    """Yield the properties among the content lines of a component that are its own."""
    depth = 0
    for text in texts:
        line = line_of(text)
        if line is None:
            continue
        if line.name == "BEGIN":
            depth += 1
        elif line.name == "END":
            depth -= 1
        elif depth == 0:
            yield line


def line_of(text: str) -> Line | None:
    """Return a content line, None for what is none."""
    name, colon, value = text.partition(":")
    if colon and ";" not in name and '"' not in name:
        plain = name.strip()
        return Line(plain.upper(), {}, value, text) if _is_name(plain) else None
    found = _HEAD.match(text)
    if found is None:
        return None
    parameters: dict[str, tuple[str, ...]] = {}
    for name, values in _PARAMETER.findall(found[2]):
        parts = tuple(quoted or plain for quoted, plain in _VALUE.findall(values))
        parameters[name.strip().upper()] = parts
    return Line(found[1].upper(), parameters, text[found.end() :], text)


def _is_name(text: str) -> bool:
    return bool(text) and text.isascii() and text.replace("-", "").isalnum()


def blocks_of(text: bytes, work: Work = unlimited, encoding: str = "utf-8") -> list[Block]:
    """Return the outermost components of a text; `invalid_icalendar` when one is not ended."""
    outer, stack = Block(""), list[Block]()
    for octets in _unfolded(text, work):
        line = octets.decode(encoding, "replace")[: LONGEST_LINE + 1]
        work(_WORK_OF_A_LINE + len(line) // _CHARACTERS_A_STEP)
        name, _, value = line.partition(":")
        verb = name.strip().upper()
        if verb == "BEGIN":
            if len(stack) == _DEEPEST:
                raise _invalid(f"components stand within each other more than {_DEEPEST} deep")
            block = Block(value.strip().upper())
            (stack[-1] if stack else outer).inner.append(block)
            stack.append(block)
        elif verb == "END":
            if not stack or stack[-1].name != value.strip().upper():
                raise _invalid(f"END:{value.strip()[:40]} ends nothing that was begun")
            ended = stack.pop()
            if stack and stack[-1].name != "VCALENDAR":
                whole = [f"BEGIN:{ended.name}", *ended.texts, f"END:{ended.name}"]
                stack[-1].add(whole, ended.size)
        elif stack:
            stack[-1].add([line], len(line) + 1)
    if stack:
        raise _invalid(f"{stack[-1].name[:40]} is not ended: the file is cut off")
    return outer.inner


def _unfolded(text: bytes, work: Work) -> Iterator[bytes]:
    """Yield the content lines, of one that is too long its beginning.

    A file is looked at piece by piece: one long step of the interpreter keeps every thread waiting.
    """
    parts, size, is_open = list[bytes](), 0, False
    begin = len(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else 0
    while begin < len(text):
        end = begin + _PIECE
        end += text[end - 1 : end + 1] == b"\r\n"
        rows = text[begin:end].splitlines(keepends=True)
        begin = end
        work(1 + len(rows) // _ROWS_A_STEP)
        for row in rows:
            is_more = is_open
            if not is_open and parts and row[:1] in {b" ", b"\t"}:
                is_more, row = True, row[1:]  # noqa: PLW2901 - without what folds it
            if not is_more:
                yield from _joined(parts)
                parts, size = [], 0
            is_open = row[-1:] not in {b"\r", b"\n"}
            if size <= _MOST_OCTETS:
                parts.append(row if is_open else row.rstrip(b"\r\n"))
                size += len(row)
    yield from _joined(parts)


def _joined(parts: list[bytes]) -> Iterator[bytes]:
    line = b"".join(parts)
    if line.strip():
        yield line


def encoding_of(text: bytes, work: Work = unlimited) -> str:
    """Return the encoding that the standard wants, or else the one of most files without it."""
    if text.isascii() or _is_utf8(_pieces(text, work)) or _is_utf8(_unfolded(text, work)):
        return "utf-8"
    return "cp1252"


def _is_utf8(pieces: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(text: bytes, work: Work) -> Iterator[bytes]:
    for begin in range(0, len(text), _PIECE):
        work(1)
        yield text[begin : begin + _PIECE]


def plain_text(value: str) -> str:
    """Return the text of a TEXT value: RFC 5545, 3.3.11."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def folded(text: str) -> str:
    """Return a content line in lines of at most 75 octets, none within a character."""
    if len(text) < _OCTETS and text.isascii():
        return f"{text}\r\n"
    rows, row, size = list[str](), list[str](), 0
    for character in text:
        octets = len(character.encode("utf-8", "surrogatepass"))
        if size + octets > _OCTETS:
            rows.append("".join(row))
            row, size = [" "], 1
        row.append(character)
        size += octets
    return "\r\n".join([*rows, "".join(row)]) + "\r\n"


def _invalid(reason: str) -> PlanError:
    return PlanError("invalid_icalendar", "body", reason)
