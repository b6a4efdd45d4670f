"""Bad releases of the service's code: a copy of it with one mistake, started in its place."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import service
from ops.drills.acting import timed
from ops.drills.drill import Action
from ops.drills.stack import Stack

_WRONG_DAY: Final = '''

_right = parse
_due = [0.0]


def parse(text, *, now, zone, **more):  # type: ignore[no-redef]
    """Take today to be three days ago, as a mistaken clock in a release would."""
    from datetime import timedelta

    _due[0] += {share!r}
    if _due[0] >= 1:
        _due[0] -= 1
        now = now - timedelta(days=3)
    return _right(text, now=now, zone=zone, **more)
'''
_CRASHING: Final = '''

def parse(text, *, now, zone, **more):  # type: ignore[no-redef]
    """Fail on every sentence."""
    raise RuntimeError("a mistake of this release")
'''
_ROUTES: Final = '''

_right = CalendarRoute._answer
_due = [0.0]


async def _mistaken(self, scope, receive, send):
    """Be slow, or fail, so many times."""
    import asyncio

    if self.required_scope == "calendar" and (self.path == {route!r} or not {route!r}):
        _due[0] += {share!r}
        if _due[0] >= 1:
            _due[0] -= 1
            await asyncio.sleep({slow_s!r})
            if {fails!r}:
                raise RuntimeError("a mistake of this release")
    await _right(self, scope, receive, send)


CalendarRoute._answer = _mistaken
'''
_PLACES: Final = {"wrong-day": "parsing/__init__.py", "crashing-parser": "parsing/__init__.py",
                  "failing": "api/route.py", "slow": "api/route.py"}  # fmt: skip


def release(
    stack: Stack, mistake: str, share: float = 1.0, route: str = "", slow_s: float = 0.0
) -> Iterator[Action]:
    """Put a release with a mistake in the service's place.

    `share` of what it touches goes wrong, evenly spread; `route` limits it to one.
    """
    text = {
        "wrong-day": _WRONG_DAY, "crashing-parser": _CRASHING, "failing": _ROUTES, "slow": _ROUTES,
    }[mistake]  # fmt: skip
    for name, value in (("share", share), ("route", route), ("slow_s", slow_s),
                        ("fails", mistake == "failing")):  # fmt: skip
        text = text.replace(f"{{{name}!r}}", repr(value))
    home = broken_release(stack.folder, _PLACES[mistake], text)
    version = {"CALENDAR_VERSION": "1.0.1-drill", "PYTHONPATH": str(home)}

    yield timed(f"release the code that is {mistake}", lambda: _replace(stack, version))


def roll_back(stack: Stack) -> Iterator[Action]:
    """Put the release from before in its place again."""
    yield timed("roll the release back", lambda: _replace(stack, {}))


def _replace(stack: Stack, version: Mapping[str, str]) -> None:
    """Put one process in another's place; users wait, as a rolling release leaves nobody out."""
    were_away = stack.away.is_set()
    stack.away.set()
    try:
        stack.service.stop()
        stack.service.start(**version)
    finally:
        if not were_away:
            stack.away.clear()


def broken_release(folder: Path, place: str, text: str) -> Path:
    """Make a copy of the service with more code at the end of one module; return where it is."""
    home = folder / "broken-release"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(
        Path(str(service.__file__)).parent,
        home / "service",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    with (home / "service" / place).open("a", encoding="utf-8") as code:
        code.write(text)
    return home
