"""The text without its time expressions, a bar where each one stood."""

from collections.abc import Collection, Sequence

from service.parsing.engine import Item

_GLUE = frozenset(
    ("on", "at", "for", "from", "in", "by", "around", "until", "to", "the", "during", "between",
     "of", "start", "starting", "ending", "comma", "dash", "once", "THIS", "over", "after",
     "before", "within", "a")
)  # fmt: skip
_GLUE_WORDS = frozenset(
    ("sometime", "anytime", "scheduled", "happening", "lasting", "lasts", "beginning", "that's",
     "occurring", "begin", "held", "running", "effective", "@", "some", "either")
)  # fmt: skip


def residue(items: Sequence[Item], used: Collection[int], shown: str) -> str:
    """Return what is left of the text; prepositions that led to a time go with it.

    `used` has the identities of the items that say when.
    """
    taken = [id(item) in used for item in items]
    for index in range(len(items) - 1, 0, -1):
        if taken[index] and not taken[index - 1]:
            before = items[index - 1]
            linking = before.cls in ("and", "or") and index > 1 and taken[index - 2]
            article = before.cls == "a" and items[index].cls not in ("DATE", "REPEAT", "LENGTH")
            glue = before.cls in _GLUE or before.value in _GLUE_WORDS or linking
            if glue and not article and not _is_joined(before, shown):
                taken[index - 1] = True
    pieces: list[str] = []
    end = 0
    for item, gone in zip(items, taken, strict=True):
        if gone:
            if not pieces or pieces[-1] != " | ":
                pieces.append(" | ")
        else:
            if item.start > end and pieces and pieces[-1] != " | ":
                pieces.append(" ")
            pieces.append(shown[item.start : item.end])
        end = item.end
    return "".join(pieces).strip()


def _is_joined(item: Item, shown: str) -> bool:
    """Say whether a word is the end of another one, as in "weigh-in"."""
    before = shown[max(item.start - 2, 0) : item.start]
    return len(before) > 1 and before[1] == "-" and before[0].isalpha()
