"""Short names of weekdays, which are German words as well: "so", "do", "mi"."""

from service.parsing.engine import Item

_BEFORE = frozenset(("on", "until", "from", "starting", "WEEKDAY", "dash", "slash", "and", "every",
                     "comma", "NEXT", "COMING"))  # fmt: skip
_AFTER = frozenset(("NUM", "CLOCK", "DOTTED", "ISO", "dash", "slash", "at", "WEEKDAY", "HOURS",
                    "PART", "stop", "comma", "until", ""))  # fmt: skip


def settle(items: list[Item], index: int) -> None:
    """Turn "so" and "do" into plain words unless both neighbours allow a weekday."""
    item = items[index]
    if item.cls != "WEEKDAY":
        return
    before = items[index - 1].cls if index else ""
    after = items[index + 1].cls if index + 1 < len(items) else ""
    good = after in _AFTER and (before in _BEFORE or after not in ("comma", "stop", ""))
    good = good or before == "on"  # "am Sa ab acht": nothing else is meant there
    good = good or after == "DECIMAL"  # "Do 14.30"
    follows = items[index + 2].cls if after == "and" and index + 2 < len(items) else ""
    good = good or follows == "WEEKDAY"  # "Mo und Do"
    if not good and len(items) > 1:
        items[index] = item._replace(cls="WORD")


def respell(_: str) -> None:
    """No German word is taken for a misspelt one."""
    return
