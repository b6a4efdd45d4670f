"""Schema ids such as calendar-sre/load-run/v1: which are of a later release."""


def is_later(found: object, known: str) -> bool:
    """Say whether an id is of the same kind as a known one, and of a later version."""
    family, _, version = known.rpartition("/v")
    if not isinstance(found, str) or not found.startswith(f"{family}/v"):
        return False
    number = found.removeprefix(f"{family}/v")
    return number.isdecimal() and int(number) > int(version)


def of_later_release(found: object, known: str) -> str:
    """Return the next step when an id is of a later release, else nothing."""
    if not is_later(found, known):
        return ""
    return f"a later release wrote {found}, this one reads {known}: use that release"
