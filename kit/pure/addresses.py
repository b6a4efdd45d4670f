"""Addresses of every kind of server as they may be shown: without what opens the door."""

from kit.pure.errors import BadInputError
from kit.pure.urls import MASK, masked, shown, without_passwords

__all__ = ("MASK", "masked", "no_such_address", "shown", "without_passwords")


def no_such_address(variable: str, text: str, wanted: str) -> BadInputError:
    """Return the error that says what an address begins with, and shows no password."""
    return BadInputError(
        f"{variable}: {shown(text)!r} is no such address", hint=f"it begins with {wanted}"
    )
