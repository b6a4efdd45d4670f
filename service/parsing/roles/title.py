# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What: the residue without the scaffolding of asking ("can you put a … on my calendar")."""

from service.parsing.patterns import has_any
from service.parsing.roles import scaffold as words
from service.parsing.roles.phrases import key, keys

_MOST_PEELS = 12
_MOST_CHARS = 600
_EDGES = ' ,.:-?!"()|'


def explicit(text: str) -> str | None:
    """Return the title that the writer marked: in quotes, or after "called"."""
    if ('"' in text or "'" in text) and (quoted := words.QUOTED.search(text)):
        return (quoted[1] or quoted[2]).strip(" ,.")
    if has_any(text.lower(), words.CALLED_HINTS) and (called := words.CALLED.search(text)):
        return called[1].strip(" ,.'\"") or None
    return None


def quoted(text: str) -> str | None:
    """Return what stands in quotes, or None."""
    found = words.QUOTED.search(text)
    return (found[1] or found[2]).strip(" ,.") if found else None


def capitalised(text: str) -> str | None:
    """Return the capitalised name after "called" in a text that is otherwise in small letters."""
    found = words.CALLED_NAME.search(text) if "ed " in text else None
    return found[1] if found else None


def find(residue: str, *, removing: bool = False) -> str:
    """Return the title in what is left of a request, "" when nothing is.

    `removing` says that the request cancels or moves, so that its verb is scaffolding too.
    """
    text = residue[:_MOST_CHARS]
    if text[:1] == "[":  # "[External] Kick-off"
        text = words.LABEL.sub("", text, count=1)
    if has_any(text.lower(), words.CALENDAR_HINTS):
        text = words.CALENDAR.sub(" ", text)
    fallbacks: list[str] = []
    for piece in words.SPLIT.split(text):
        if piece.isspace() or not piece:
            continue
        title = peel(piece, removing=removing)
        if not title.isascii() and not any(map(str.isalnum, title)):
            continue  # a picture of a clock is no name
        if title and not words.ONLY_NOUN.whole(title):
            return title
        fallbacks.append(title)
    good = [title for title in fallbacks if words.GOOD_NOUN.search(title)]
    pieces = map(_bare, words.SPLIT.split(text))
    alone = [piece for piece in pieces if piece.lower() in words.LONE]
    return next(iter(good + alone + [title for title in fallbacks if len(title) > 3]), "")


def _bare(text: str) -> str:
    return text.strip(_EDGES).strip("'").strip()


def peel(text: str, *, removing: bool = False) -> str:
    """Take the layers of asking off both ends of a phrase."""
    text = _bare(text)
    first = key(text)
    if first not in words.OPENING and first not in words.PURPOSE.keys:
        return _back(text)
    own = noun = False
    if purpose := words.PURPOSE.match(text, first):
        text = text[purpose.end() :]
        own = first == "to"  # "remind me on Sunday to plan the week": that is what is to be done
    for _ in range(_MOST_PEELS):
        shorter, own, done = (
            _front(text, own=own, removing=removing) if not noun else (_noun(text), own, False)
        )
        taken = text[: len(text) - len(shorter)]
        noun = noun or (taken != "" and words.ARTICLE_ONLY.whole(taken))
        shorter = shorter.strip(' ,.:-"')
        if done or shorter == text:
            text = shorter
            break
        text = shorter
    return _back(text)


def _front(text: str, *, own: bool, removing: bool) -> tuple[str, bool, bool]:
    """Take one layer off the front.

    Returns the rest, whether what follows is something the writer does ("I need to …", so that
    its verb belongs to the title), and whether the rest is the title as it stands.
    """
    first = key(text)
    if first not in words.OPENING:
        return text, own, True
    if match := words.GREETING.match(text, first) or words.ASKING.match(text, first):
        return text[match.end() :], own, False
    if match := words.WISHING.match(text, first):
        return text[match.end() :], True, False
    if match := words.REMINDING.match(text, first):
        return text[match.end() :], own, match["to"] is not None
    return _verb(text, first, own=own, removing=removing)


def _verb(text: str, first: str, *, own: bool, removing: bool) -> tuple[str, bool, bool]:
    """Take off a verb of scheduling, or what stands in its place."""
    if removing and (match := words.REMOVING.match(text, first)):
        return text[match.end() :], False, False
    if match := words.STRONG_VERB.match(text, first):
        return text[match.end() :], True, False
    if match := words.HAVING.match(text, first) or words.TO_EVENT.match(text, first):
        return text[match.end() :], False, False
    if match := words.GENERIC.match(text, first):
        to = match.group().rstrip().endswith("to")
        return text[match.end() :], own or to, to
    weak = None if own else words.WEAK_VERB.match(text, first)
    match = (
        weak
        or words.BARE_NOUN.match(text, first)
        or (None if own else words.QUERY.match(text, first))
        or words.ARTICLE.match(text, first)
    )
    return (text[match.end() :] if match else text), own, False


def _noun(text: str) -> str:
    """After an article only nouns of asking are scaffolding: "a book club" keeps its book."""
    first = key(text)
    match = (
        words.GENERIC.match(text, first)
        or words.BARE_NOUN.match(text, first)
        or words.ADJECTIVE.match(text, first)
        or words.ARTICLE_ONLY.match(text, first)
    )
    return text[match.end() :] if match else text


def _back(text: str) -> str:
    if words.CLAUSE.may_hold(keys(text)):
        cut = words.CLAUSE.search(text)
        if cut and cut.start() > 2:
            text = text[: cut.start()]
    for _ in range(_MOST_PEELS):
        match = words.TAIL.search(text) if words.TAIL.may_end(text) else None
        shorter = text[: match.start()].rstrip(" ,.:-?!\"'") if match else text
        if shorter == text:
            break
        text = shorter
    tail = words.EVENT_TAIL.search(text) if words.EVENT_TAIL.may_end(text) else None
    return text[: tail.start()] if tail else text
