"""What users know the service by, as the table `[status]` of a project file says it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kit.pure.fields import Field, closest
from slo.objective import Objective
from slo.project.project import Project
from slo.project.roles import WALKED, Prober

_URL: Final = re.compile(r"https?://[^\s/?#@]+[^\s?#@]*")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the service by its public name; it works while its journeys and objectives do."""

    id: str
    name: str
    about: str
    journeys: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    prober: Prober | None = None
    """Whose walks count; without one, those of any prober."""

    @property
    def walks(self) -> str:
        """Return the selector of how its journeys went."""
        job = f'job="{self.prober.job}",' if self.prober else ""
        return f"{WALKED}{{{job}journey=~{json.dumps('|'.join(self.journeys))}}}"


@dataclass(frozen=True, slots=True)
class Named:
    """A status page: its title, its public address if it has one, and the components in order."""

    title: str
    url: str | None
    components: tuple[Component, ...]


def named_of(project: Project, objectives: Sequence[Objective], journeys: Sequence[str]) -> Named:
    """Return what the project's page shows; where the file says nothing, one component of all.

    Raises FieldError for a component that names a journey or an objective that is not there.
    """
    place = project.status
    known, prober = {each.name: each for each in objectives}, project.roles.prober
    if place is None:
        of_it = tuple(journeys), tuple(objectives)
        whole = Component("service", project.title, "", *of_it, prober)
        return Named(project.title, None, (whole,))
    place.only("title", "url", "component")
    title, url = place.get("title"), place.get("url")
    found = tuple(
        replace(_component(each, known, journeys), prober=prober)
        for each in place.need("component", "add [[status.component]]").items()
    )
    if not found:
        raise place.need("component").wrong("has no element", "add [[status.component]]")
    if len({each.id for each in found}) < len(found):
        raise place.need("component").wrong("names one twice", "give each a name of its own")
    return Named(title.text() if title else project.title, _url(url), found)


def _component(place: Field, known: dict[str, Objective], journeys: Sequence[str]) -> Component:
    place.only("name", "about", "journeys", "objectives")
    name = place.need("name").text()
    about = place.get("about")
    walked = _named(place.get("journeys"), journeys)
    kept = tuple(known[one] for one in _named(place.get("objectives"), known))
    if not walked and not kept:
        raise place.wrong("is measured by nothing", "add journeys or objectives")
    return Component(slug(name), name, about.text() if about else "", walked, kept)


def _named(place: Field | None, known: Sequence[str] | dict[str, Objective]) -> tuple[str, ...]:
    if place is None:
        return ()
    for each in place.items():
        if each.text() not in known:
            raise each.wrong("is not there", closest(each.text(), known))
    return tuple(each.text() for each in place.items())


def _url(place: Field | None) -> str | None:
    if place is None:
        return None
    if not _URL.fullmatch(place.text()):
        raise place.wrong("is no public address", "write https://status.example.com")
    return place.text().rstrip("/")


def slug(name: str) -> str:
    """Return a name as it may stand in addresses and file names."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "component"
