"""Read what a project file says of its golden set: `[golden]`."""

import re
from typing import Final

from kit.pure.errors import BadInputError
from kit.pure.fields import Field
from synthetic.golden.spec import COMPARATORS, FieldRule, Spec
from synthetic.steps.reading import json_path, read_step

_OWN: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")


def read_spec(place: Field | None, source: str) -> Spec:
    """Return the spec; raises BadInputError where the project has none, or a wrong one."""
    if place is None:
        raise BadInputError(
            f"{source}: there is no table [golden], so nobody knows what to ask",
            hint="add [golden.request] and [golden.fields]: see docs/golden.md",
        )
    place.only(
        "request", "answer", "confidence", "source", "slices", "fields", "explain", "parts",
        "target", "clocked", "feedback", "review",
    )  # fmt: skip
    fields = tuple(_rule(one) for one in place.need("fields").entries())
    if not any(one.compare != "ignored" for one in fields):
        raise place.need("fields").wrong("compares nothing", 'add for example label = "exact"')
    slices, target, clocked = place.get("slices"), place.get("target"), place.get("clocked")
    explain, paths = place.get("explain"), {}
    for name in ("answer", "confidence", "source", "parts"):
        if one := place.get(name):
            paths[name] = json_path(one)
    return Spec(
        request=read_step(place.need("request")),
        fields=fields,
        answer=paths.get("answer", "$"),
        confidence=paths.get("confidence"),
        source=paths.get("source"),
        slices=tuple(each.text() for each in slices.items()) if slices else (),
        explain=read_step(explain) if explain else None,
        parts=paths.get("parts"),
        target=target.number(0.01, 0.9999) if target else None,
        clocked=bool(clocked and clocked.value),
        feedback=_route(place.get("feedback")),
        review=_route(place.get("review")),
    )


def _route(place: Field | None) -> str | None:
    if place is not None and not place.text().startswith("/"):
        raise place.wrong("is no path of the service", "begin it with /")
    return None if place is None else place.text()


def _rule(place: Field) -> FieldRule:
    name = place.path.rpartition("fields.")[2]
    if not _NAME.fullmatch(name):
        raise place.wrong("is of no field's name", "write letters, digits, _ and -")
    if isinstance(place.value, str):
        return FieldRule(name, _comparator(place))
    place.only("compare", "by", "optional", "mistake", "invented")
    by, compare = place.get("by"), _comparator(place.need("compare"))
    if (by is not None) is not (compare == "within"):
        said = place.need("compare")
        raise said.wrong("and `by` belong together", 'write { compare = "within", by = 0.01 }')
    optional, mistake, invented = (place.get(one) for one in ("optional", "mistake", "invented"))
    return FieldRule(
        name,
        compare,
        by.number(0) if by else 0.0,
        bool(optional and optional.value),
        mistake.text() if mistake else None,
        invented.text() if invented else None,
    )


def _comparator(place: Field) -> str:
    text = place.text()
    return text if _OWN.fullmatch(text) else place.choice(*COMPARATORS)
