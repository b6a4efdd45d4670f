"""The templates of dashboards as data: the standard ones, changed by those of a project."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kit.pure.fields import Field, closest

SCHEMA: Final = "sre.boards/v1"


@dataclass(frozen=True, slots=True)
class Templates:
    """Panels and boards by name.

    With `everything` the boards show every job and route of a Prometheus, and not the service's
    own alone. `deploys` says how a new version shows on a chart, `routes` what the choice of
    routes is.
    """

    panels: dict[str, Field] = field(default_factory=dict)
    boards: dict[str, Field] = field(default_factory=dict)
    everything: bool = False
    deploys: Field | None = None
    routes: str = ""


def read_templates(roots: Iterable[Field]) -> Templates:
    """Return the templates of several files; each changes those before it.

    A panel of a known name is changed key by key, a board of a known name replaced; null takes it
    away. Raises FieldError.
    """
    panels: dict[str, Field] = {}
    boards: dict[str, Field] = {}
    everything, deploys, routes = False, None, ""
    for root in roots:
        root.only("schema", "everything", "deploys", "routes", "panels", "boards")
        root.need("schema", f"add `schema: {SCHEMA}`").choice(SCHEMA)
        for name, each in _children(root.get("panels")):
            panels[name] = changed(panels[name], each) if name in panels else each
        boards |= dict(_children(root.get("boards")))
        everything = one.flag() if (one := root.get("everything")) else everything
        deploys = root.get("deploys") or deploys
        routes = text.text() if (text := root.get("routes")) else routes
    kept = {name: board for name, board in boards.items() if board.value is not None}
    return Templates(panels, kept, everything, deploys, routes)


def changed(panel: Field, by: Field) -> Field:
    """Return a panel with the keys of another instead of its own."""
    by.names()
    return Field(by.source, by.path, {**dict(_raw(panel)), **dict(_raw(by))})


def candidates(place: Field, templates: Templates) -> tuple[Field, ...]:
    """Return the panels that may stand at a place of a row: the first that can be made does."""
    used = place.get("use")
    if used is None:
        return (place,)
    names = [used] if isinstance(used.value, str) else list(used.items())
    own = Field(place.source, place.path, {k: v for k, v in _raw(place) if k != "use"})
    return tuple(changed(_named(name, templates), own) for name in names)


def _named(name: Field, templates: Templates) -> Field:
    found = templates.panels.get(name.text())
    if found is None:
        raise name.wrong("is no panel", closest(name.text(), templates.panels))
    return found


def _children(place: Field | None) -> Iterable[tuple[str, Field]]:
    return () if place is None else zip(place.names(), place.entries(), strict=True)


def _raw(place: Field) -> Iterable[tuple[str, object]]:
    return ((name, place.at(name).value) for name in place.names())
