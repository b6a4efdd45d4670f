"""Read a dashboard's JSON, in the shapes of the last ten years of Grafana."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from dashboards.document import Annotation, Dashboard, Drawn, Source, Variable
from dashboards.expand import used
from dashboards.read_panel import Json, numbers, read_panel, read_source, text
from dashboards.schema_v2 import classic, is_v2
from kit.pure.errors import BadInputError
from kit.pure.json_values import from_json

_FIXED: Final = frozenset({"constant", "textbox"})


def read_dashboard(path: str, content: str) -> Dashboard:
    """Return the dashboard of a file, plain or wrapped as Grafana's APIs answer it.

    BadInputError names the file and the line that is not JSON, or the part that is missing.
    """
    try:
        whole = _unwrapped(from_json(content))
    except ValueError as err:
        raise BadInputError(
            f"{path} is not JSON: {err}", hint="export the dashboard again as JSON"
        ) from err
    try:
        whole = classic(whole) if is_v2(whole) else whole
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise _misshapen(path, err) from err
    if not isinstance(whole, dict) or not ("panels" in whole or "rows" in whole):
        raise BadInputError(
            f"{path} is not a Grafana dashboard: it has neither panels nor rows",
            hint="give the JSON of one dashboard, as Grafana's share dialogue exports it",
        )
    try:
        return _dashboard(path, whole)
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise _misshapen(path, err) from err


def is_something_else(content: str) -> bool:
    """Say whether a text is JSON, but of something that nobody would take for a dashboard."""
    try:
        whole = _unwrapped(from_json(content))
    except ValueError:
        return False
    return not (isinstance(whole, dict) and {"panels", "rows", "elements"} & whole.keys())


def _misshapen(path: str, err: Exception) -> BadInputError:
    return BadInputError(
        f"{path} is not a Grafana dashboard: a part of it has another shape ({err})",
        hint="export the dashboard again as JSON",
    )


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
    sources = _sources(whole, listed)
    return Dashboard(
        path=path,
        uid=text(whole.get("uid")),
        title=text(whole.get("title")),
        description=text(whole.get("description")),
        editable=bool(whole.get("editable", True)),
        variables=tuple(_variable(item, sources) for item in listed),
        panels=tuple(
            _resolved(read_panel(panel, row, group), sources)
            for group, row, panel in _panels(whole)
        ),
        annotations=tuple(_annotation(item) for item in noted),
    )


def _panels(whole: Json) -> Iterator[tuple[int, str, Json]]:
    """Yield (grid, heading, panel): below headings, folded into them, or in rows of old files."""
    heading, number = "", 0
    for panel in whole.get("panels") or ():
        if panel.get("type") == "row":
            heading, number = text(panel.get("title")), number + 1
            yield from ((number, heading, inner) for inner in panel.get("panels") or ())
        else:
            yield 0, heading, panel
    for row in whole.get("rows") or ():
        number += 1
        yield from ((number, text(row.get("title")), panel) for panel in row.get("panels") or ())


def _sources(whole: Json, listed: Iterable[Json]) -> dict[str, str]:
    """Return the type of each data source that a variable or an input of the file stands for."""
    inputs = whole.get("__inputs") or ()
    named = {text(one.get("name")): text(one.get("pluginId")) for one in inputs}
    chosen = {
        text(one.get("name")): text(one.get("query"))
        for one in listed
        if one.get("type") == "datasource"
    }
    return named | chosen


def _typed(source: Source | None, sources: Mapping[str, str]) -> Source | None:
    """Return a data source with its type, where the file says elsewhere which it is."""
    if source is None or source.plugin:
        return source
    found = used(source.uid)
    return Source(sources.get(found[0], ""), source.uid) if found else source


def _resolved(panel: Drawn, sources: Mapping[str, str]) -> Drawn:
    targets = tuple(replace(one, source=_typed(one.source, sources)) for one in panel.targets)
    return replace(panel, source=_typed(panel.source, sources), targets=targets)


def _variable(raw: Json, sources: Mapping[str, str]) -> Variable:
    kind, query = text(raw.get("type")), raw.get("query")
    if isinstance(query, Mapping):
        query = query.get("query")
    listed = raw.get("options") or ()
    options = [text(item.get("value")) for item in listed if isinstance(item, Mapping)]
    if not options and kind in {"interval", "custom"}:
        options = [part.rpartition(" : ")[2].strip() for part in text(query).split(",")]
    return Variable(
        name=text(raw.get("name")),
        kind=kind,
        label=text(raw.get("label")),
        query=text(query),
        source=_typed(read_source(raw.get("datasource")), sources),
        multi=bool(raw.get("multi")),
        include_all=bool(raw.get("includeAll")),
        all_value=text(raw.get("allValue")),
        refresh=int(numbers(raw.get("refresh")) or 0),
        current=_current(raw.get("current"), fixed=text(query) if kind in _FIXED else ""),
        options=tuple(option for option in options if not _is_made(option)),
    )


def _current(raw: object, fixed: str) -> str:
    """Return the value with which a variable opens; that of a constant is its `fixed` query."""
    value = raw.get("value") if isinstance(raw, Mapping) else raw
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else "$__all"
    return text(value) or fixed


def _is_made(option: str) -> bool:
    """Say whether an option stands for what Grafana works out: all, or an interval by itself."""
    return option in {"$__all", "auto"} or option.startswith("$__auto")


def _annotation(raw: Json) -> Annotation:
    return Annotation(
        name=text(raw.get("name")),
        expr=text(raw.get("expr")),
        title_format=text(raw.get("titleFormat")),
    )
