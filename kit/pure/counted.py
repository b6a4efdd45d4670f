"""Numbers with their nouns."""


def counted(number: int, noun: str) -> str:
    """Return the number with the noun, which gets an s unless there is one."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
