"""What to do in which kind of incident: data in `playbooks/`, a file a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from kit.pure.errors import BadInputError
from kit.pure.fields import Field, closest
from ops.incidents.notices.contacts import SEVERITIES
from ops.incidents.response.incident import Phase

FOLDER: Final = Path(__file__).resolve().parent / "playbooks"
_SRE: Final = "sre"
WORDS: Final = ("{target}", "{incident}", "{window}")
"""What stands for the service's address, the incident's name, and the time since its start."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A step that a playbook knows: `command` as words, run by us where the first is `sre`.

    `when` says when it helps. `cures` are beginnings of findings' subjects that point to it.
    """

    name: str
    command: tuple[str, ...]
    when: str = ""
    cures: tuple[str, ...] = ()
    undo: str = ""

    @property
    def is_ours(self) -> bool:
        """Say whether we can run it; everything else is for a person."""
        return self.command[:1] == (_SRE,)


@dataclass(frozen=True, slots=True)
class Playbook:
    """One kind of incident."""

    name: str
    title: str
    severity: str
    external: str
    alerts: tuple[str, ...]
    phases: dict[Phase, tuple[Advice, ...]]

    def advice(self, phase: Phase, name: str) -> Advice:
        """Return a step by its name; BadInputError offers the nearest."""
        found = {each.name: each for each in self.phases[phase]}
        if name not in found:
            raise BadInputError(f"no step is called {name!r}", hint=closest(name, found))
        return found[name]


def playbooks(folder: Path = FOLDER) -> dict[str, Playbook]:
    """Return every playbook by its name; errors name file, field, value and fix."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}


def playbook(name: str, folder: Path = FOLDER) -> Playbook:
    """Return a playbook by its name, or by the name of an alert that leads to it."""
    known = playbooks(folder)
    if name in known:
        return known[name]
    by_alert = {alert: each for each in known.values() for alert in each.alerts}
    if name in by_alert:
        return by_alert[name]
    raise BadInputError(
        f"no playbook is called {name!r}, and none is for an alert of that name",
        hint=closest(name, [*known, *by_alert]),
    )


def filled(command: Sequence[str], words: dict[str, str]) -> list[str]:
    """Return the words of a command with what they stand for."""
    found = []
    for word in command:
        for name, value in words.items():
            word = word.replace(f"{{{name}}}", value)  # noqa: PLW2901 -- one after the other
        found.append(word)
    return found


def _read(path: Path) -> Playbook:
    root = Field(str(path), "", yaml.safe_load(path.read_text(encoding="utf-8")))
    root.only("title", "severity", "external", "alerts", *(str(each) for each in Phase))
    return Playbook(
        name=path.stem,
        title=root.need("title").text(),
        severity=root.need("severity").choice(*SEVERITIES),
        external=root.need("external").text(),
        alerts=tuple(each.text() for each in root.need("alerts").items()),
        phases={p: tuple(_advice(each) for each in root.need(str(p)).items()) for p in Phase},
    )


def _advice(place: Field) -> Advice:
    place.only("name", "command", "when", "cures", "undo")
    cures, when, undo = place.get("cures"), place.get("when"), place.get("undo")
    return Advice(
        place.need("name").text(),
        tuple(each.text() for each in place.need("command").items()),
        when.text() if when else "",
        tuple(each.text() for each in cures.items()) if cures else (),
        undo.text() if undo else "",
    )
