"""How a pattern can begin: the first one to three classes of everything it matches.

This is FIRST_3 of the theory of parsing, computed on the pattern's own syntax. The engine uses it
to find, in one search in C, the few places where a rule could match at all.
"""

from collections.abc import Sequence

LOOK = frozenset(("(?!", "(?=", "(?<!", "(?<="))
LOOKED_AT = 3  # classes in a row


def beginnings(tokens: Sequence[str], codes: dict[str, str]) -> set[str]:
    """Return the prefixes, as strings of codes; a short one is a whole match."""
    return _alternatives(list(tokens), codes, 0)[0]


def _alternatives(tokens: list[str], codes: dict[str, str], at: int) -> tuple[set[str], int]:
    every: set[str] = set()
    branch = {""}
    while at < len(tokens) and tokens[at] != ")":
        if tokens[at] == "|":
            every |= branch
            branch, at = {""}, at + 1
            continue
        part, at = _atom(tokens, codes, at)
        branch = _join(branch, part)
    return every | branch, at


def _atom(tokens: list[str], codes: dict[str, str], at: int) -> tuple[set[str], int]:
    """Read one class or group with its repetition sign."""
    symbol = tokens[at]
    if symbol in LOOK:
        part, at = _alternatives(tokens, codes, at + 1)
        wanted = symbol == "(?=" and at + 1 == len(tokens)  # what has to follow the whole match
        return (part if wanted else {""}), at + 1
    if symbol == "(":
        part, at = _alternatives(tokens, codes, at + 1)
    else:
        part = {codes[symbol]}
    at += 1
    sign = tokens[at] if at < len(tokens) else ""
    if sign in ("*", "+"):
        for _ in range(LOOKED_AT - 1):
            part = part | _join(part, part)
    if sign in ("*", "?"):
        part = part | {""}
    return part, at + (sign in ("*", "+", "?") and sign != "")


def _join(left: set[str], right: set[str]) -> set[str]:
    if left == {""}:
        return right
    done = {prefix for prefix in left if len(prefix) >= LOOKED_AT}
    return done | {(prefix + more)[:LOOKED_AT] for prefix in left - done for more in right}
