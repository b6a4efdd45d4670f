"""Read a dashboard's JSON, in the shapes of the last ten years of Grafana."""

import json
from collections.abc import Iterator, Mapping

from dashboards.document import Annotation, Dashboard, Variable
from dashboards.read_panel import Json, numbers, read_panel, read_source, text
from kit.pure.errors import BadInputError


def read_dashboard(path: str, content: str) -> Dashboard:
    """Return the dashboard of a file, plain or wrapped as Grafana's APIs answer it.

    BadInputError names the file and the line that is not JSON, or the part that is missing.
    """
    try:
        whole = _unwrapped(json.loads(content))
    except ValueError as err:
        raise BadInputError(
            f"{path} is not JSON: {err}", hint="export the dashboard again as JSON"
        ) from err
    if isinstance(whole, dict) and "elements" in whole:
        raise BadInputError(
            f"{path} is a dashboard of Grafana's schema v2, of which nothing is read here",
            hint="export it as classic JSON",
        )
    if not isinstance(whole, dict) or not ("panels" in whole or "rows" in whole):
        raise BadInputError(
            f"{path} is not a Grafana dashboard: it has neither panels nor rows",
            hint="give the JSON of one dashboard, as Grafana's share dialogue exports it",
        )
    try:
        return _dashboard(path, whole)
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise BadInputError(
            f"{path} is not a Grafana dashboard: a part of it has another shape ({err})",
            hint="export the dashboard again as JSON",
        ) from err


def _unwrapped(whole: object) -> object:
    """Return what the older API puts under `dashboard`, and the Kubernetes-like one in `spec`."""
    if isinstance(whole, dict):
        for key in ("dashboard", "spec"):
            if isinstance(whole.get(key), dict) and "panels" not in whole:
                return whole[key]
    return whole


def _dashboard(path: str, whole: Json) -> Dashboard:
    listed = (whole.get("templating") or {}).get("list") or ()
    noted = (whole.get("annotations") or {}).get("list") or ()
    return Dashboard(
        path=path,
        uid=text(whole.get("uid")),
        title=text(whole.get("title")),
        description=text(whole.get("description")),
        editable=bool(whole.get("editable", True)),
        variables=tuple(_variable(item) for item in listed),
        panels=tuple(read_panel(panel, row) for row, panel in _panels(whole)),
        annotations=tuple(_annotation(item) for item in noted),
    )


def _panels(whole: Json) -> Iterator[tuple[str, Json]]:
    """Yield (heading, panel): below headings, folded into them, or in the rows of old files."""
    heading = ""
    for panel in whole.get("panels") or ():
        if panel.get("type") == "row":
            heading = text(panel.get("title"))
            yield from ((heading, inner) for inner in panel.get("panels") or ())
        else:
            yield heading, panel
    for row in whole.get("rows") or ():
        yield from ((text(row.get("title")), panel) for panel in row.get("panels") or ())


def _variable(raw: Json) -> Variable:
    query = raw.get("query")
    if isinstance(query, Mapping):
        query = query.get("query")
    current = (raw.get("current") or {}).get("value")
    if isinstance(current, list):
        current = current[0] if len(current) == 1 else "$__all"
    options = [text(item.get("value")) for item in raw.get("options") or ()]
    if not options and raw.get("type") in {"interval", "custom"}:
        options = [part.strip() for part in text(query).split(",")]
    return Variable(
        name=text(raw.get("name")),
        kind=text(raw.get("type")),
        label=text(raw.get("label")),
        query=text(query),
        source=read_source(raw.get("datasource")),
        multi=bool(raw.get("multi")),
        include_all=bool(raw.get("includeAll")),
        all_value=text(raw.get("allValue")),
        refresh=int(numbers(raw.get("refresh")) or 0),
        current=text(current),
        options=tuple(option for option in options if option != "$__all"),
    )


def _annotation(raw: Json) -> Annotation:
    return Annotation(
        name=text(raw.get("name")),
        expr=text(raw.get("expr")),
        title_format=text(raw.get("titleFormat")),
    )
