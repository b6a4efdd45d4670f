"""How many of what, as people say it."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, e.g. `1 case` or `1,000 cases`; `many` where no s will do."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
