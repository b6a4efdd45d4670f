"""An event from labelled fields, as invitations and forms have them."""

from collections.abc import Sequence

from service.parsing.model import Doubt
from service.parsing.pasted.fields import Block, Field
from service.parsing.patterns import later
from service.parsing.reading import Asked, Reading, read_one, shows_24
from service.parsing.text import Clean

_NAMES = later(r"\s*(?:[,;]|\band\b|&)\s*")
_ADDRESS = later(r"\s*[<(][^>)]*[>)]|\b(?:mailto:)\S+|\(\w+\)")
_LONGEST_NAME = 60
_MOST_NAMES = 30


def read_blocks(blocks: Sequence[Block], said: Clean, asked: Asked, *, title: str) -> list[Reading]:
    """Return an event for each block; one without a day has that of the block before."""
    found: list[Reading] = []
    date: object = None
    for block in blocks:
        one = _read(block, said, asked, date)
        if one is not None:
            date = one.expressions.date
            found.append(_named(one, block, said, title))
    return found


def _read(block: Block, said: Clean, asked: Asked, date: object) -> Reading | None:
    begins = block.all("begin")
    times = (
        block.all("zone") if begins and not block.all("date") else block.all("date", "time", "zone")
    )
    whole = _read_fields([*begins, *times, *block.all("length", "repeat")], said, asked, date)
    if whole is None or whole.timing is None:
        return None
    ends = block.all("end")
    return _until(whole, ends, said, asked) if ends else whole


def _read_fields(
    fields: Sequence[Field], said: Clean, asked: Asked, date: object = None
) -> Reading | None:
    """Read the values of some fields as one text; everything else is blank."""
    ordered = sorted(set(fields), key=lambda field: field.start)
    if not ordered:
        return None
    base, last = ordered[0].start, ordered[-1].end
    shown, lower, at = "", "", base
    for field in ordered:
        blank = " " * (field.start - at)
        shown += blank + said.shown[field.start : field.end]
        lower += blank + said.lower[field.start : field.end]
        at = field.end
    return read_one(Clean(shown[: last - base], lower, said.problems), asked, date=date, base=base)


def _until(whole: Reading, ends: Sequence[Field], said: Clean, asked: Asked) -> Reading:
    """Give an event the end that has a label of its own; a time alone is on the first day."""
    start, timing = whole.placed.start, whole.timing
    if start is None or timing is None:
        return whole
    there = timing.start.replace(tzinfo=asked.zone)
    seen = asked._replace(now=there, to_24=shows_24(whole.items))
    finish = _read_fields(ends, said, seen)
    if finish is None or finish.timing is None or finish.placed.start is None:
        return whole
    if timing.all_day != finish.timing.all_day:
        return _doubtful(whole, finish)
    end, wall = finish.placed.start, finish.timing.start
    if timing.all_day:
        end, wall = finish.placed.end or end, finish.timing.end
    if wall <= timing.start:
        return _doubtful(whole, finish)
    whole.expressions.used.extend(
        item._replace(start=item.start + finish.base - whole.base,
                      end=item.end + finish.base - whole.base)
        for item in finish.expressions.used
    )  # fmt: skip
    if not timing.all_day and not isinstance(end, type(start)):
        return whole
    return whole._replace(placed=whole.placed._replace(end=end), timing=timing._replace(end=wall))


def _doubtful(whole: Reading, finish: Reading) -> Reading:
    doubt = Doubt("end_before_start", finish.said.shown.strip(), "it was left out")
    return whole._replace(known=(*whole.known, doubt))


def _named(one: Reading, block: Block, said: Clean, title: str) -> Reading:
    """Give an event the title, place and people of its fields."""
    shown = said.shown
    fields = block.fields
    start, end = min(field.label for field in fields), max(field.end for field in fields)
    place = block.text(shown, "place") or block.text(shown, "link") or one.roles.location
    people = [
        name
        for field in block.all("host", "who")
        for name in _people(shown[field.start : field.end])
    ]
    names = tuple(dict.fromkeys(people))[:_MOST_NAMES] or one.roles.attendees
    name = block.text(shown, "title") or title or one.roles.title
    roles = one.roles._replace(
        title=name, title_rule="label", location=place, place_rule="label", attendees=names
    )
    shift = one.base - start
    moved = [item._replace(start=item.start + shift, end=item.end + shift) for item in one.items]
    used = [
        item._replace(start=item.start + shift, end=item.end + shift)
        for item in one.expressions.used
    ]
    places = {id(old): new for old, new in zip(one.items, moved, strict=True)}
    one.expressions.used = [
        places.get(id(old), new) for old, new in zip(one.expressions.used, used, strict=True)
    ]
    whole = Clean(shown[start:end], said.lower[start:end], said.problems)
    left = [places[id(item)] for item in one.left]
    taken = set(map(id, one.expressions.used))
    return one._replace(said=whole, items=moved, used=taken, left=left, base=start, roles=roles)


def _people(value: str) -> list[str]:
    """Return the names of a field, without their addresses."""
    names = [_ADDRESS.sub("", part).strip(" \t\r\"'*") for part in _NAMES.split(value)]
    return [name for name in names if name and len(name) <= _LONGEST_NAME]
