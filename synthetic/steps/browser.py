"""A journey in a browser: what a person opens, types, presses and wants to see."""

import re
from dataclasses import dataclass
from typing import Final

from kit.pure.fields import Field

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_ACTIONS: Final = ("open", "into", "press", "see")


@dataclass(frozen=True, slots=True)
class BrowserStep:
    """Open a path, type into a field, press something, or see something; selectors are CSS.

    `when` leaves the step out unless it is there. `text` is typed, or the key where `is_key`;
    `says` must stand in what is seen. `{tag}` is the mark of what is created.
    """

    name: str
    when: str | None = None
    open: str | None = None
    into: str | None = None
    text: str = ""
    is_key: bool = False
    press: str | None = None
    see: str | None = None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class BrowserJourney:
    """A journey by its name; its steps are taken in order, and `clean` where one of them fails."""

    name: str
    description: str
    steps: tuple[BrowserStep, ...]
    clean: tuple[BrowserStep, ...] = ()


def read_browser_journey(root: Field) -> BrowserJourney:
    """Return the journey of a file; FieldError names file, field, value and fix."""
    root.only("name", "description", "steps", "clean")
    name = root.need("name")
    if not _NAME.fullmatch(name.text()):
        raise name.wrong("cannot be a label", "use lower-case letters, digits and _")
    steps = tuple(_step(each) for each in root.need("steps").items())
    if not steps:
        raise root.need("steps").wrong("has no element", "add [[steps]] with open")
    about, clean = root.get("description"), root.get("clean")
    after = tuple(_step(each) for each in clean.items()) if clean else ()
    return BrowserJourney(name.text(), about.text() if about else "", steps, after)


def _step(place: Field) -> BrowserStep:
    place.only("name", "when", "open", "into", "text", "key", "press", "see", "says")
    if not any(place.get(action) for action in _ACTIONS):
        raise place.wrong("does nothing", f"add one of {', '.join(_ACTIONS)}")
    found = {key: one.text() for key in ("when", "open", "into", "press", "see", "says")
             if (one := place.get(key))}  # fmt: skip
    path = found.get("open")
    if path is not None and (not path.startswith("/") or path.startswith("//")):
        raise place.need("open").wrong("is no path of the service", "write /")
    key, text = place.get("key"), place.get("text")
    return BrowserStep(
        name=place.need("name", "say what the person does").text(),
        text=text.text() if text else "",
        is_key=key is not None and key.flag(),
        **found,
    )
