"""How a pattern can begin: the first one to three classes of everything it matches.

This is FIRST_3 of the theory of parsing, computed on the pattern's own syntax. The engine uses it
to find, in one search in C, the few places where a rule could match at all.
"""

from collections.abc import Sequence

LOOK = frozenset(("(?!", "(?=", "(?<!", "(?<="))
LOOKED_AT = 3  # classes in a row


def beginnings(tokens: Sequence[str], codes: dict[str, str]) -> set[str]:
    """Return the prefixes, as strings of codes; a short one is a whole match."""
    return _alternatives(tokens, codes, 0, LOOKED_AT)[0]


def _alternatives(
    tokens: Sequence[str], codes: dict[str, str], at: int, deep: int
) -> tuple[set[str], int]:
    """Return the prefixes of `deep` classes, and where the alternatives end."""
    every: set[str] = set()
    branch, missing = {""}, deep
    while at < len(tokens) and tokens[at] != ")":
        if tokens[at] == "|":
            every |= branch
            branch, missing, at = {""}, deep, at + 1
        elif not missing:  # nothing further can be seen
            at = _behind(tokens, at)
        else:
            part, at = _atom(tokens, codes, at, missing)
            branch = _join(branch, part, deep)
            missing = deep - min(map(len, branch))
    return every | branch, at


def _behind(tokens: Sequence[str], at: int) -> int:
    """Return the place behind one symbol or group."""
    depth = 0
    while True:
        depth += tokens[at].startswith("(")
        depth -= tokens[at] == ")"
        at += 1
        if not depth:
            return at


def _atom(tokens: Sequence[str], codes: dict[str, str], at: int, deep: int) -> tuple[set[str], int]:
    """Read one class or group with its repetition sign."""
    symbol = tokens[at]
    if symbol in LOOK:
        end = _behind(tokens, at)
        wanted = symbol == "(?=" and end == len(tokens)  # what has to follow the whole match
        return (_alternatives(tokens, codes, at + 1, deep)[0] if wanted else {""}), end
    if symbol == "(":
        part, at = _alternatives(tokens, codes, at + 1, deep)
    else:
        part = {codes[symbol]}
    at += 1
    sign = tokens[at] if at < len(tokens) else ""
    if sign in ("*", "+"):
        for _ in range(deep - 1):
            part = part | _join(part, part, deep)
    if sign in ("*", "?"):
        part = part | {""}
    return part, at + (sign in ("*", "+", "?") and sign != "")


def _join(left: set[str], right: set[str], deep: int) -> set[str]:
    if left == {""}:
        return right
    by_size: list[list[str]] = [[] for _ in range(deep + 1)]
    for prefix in left:
        by_size[len(prefix)].append(prefix)
    joined = set(by_size.pop())
    for size, prefixes in enumerate(by_size):
        if prefixes:
            seen = {more[: deep - size] for more in right}  # often far fewer than `right` has
            joined.update([prefix + more for prefix in prefixes for more in seen])
    return joined
