"""Grafana's schema v2 as the classic one, as far as dashboards are read here."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeGuard

from kit.pure.json_values import JsonMapping, JsonObject

_VARIABLES: Final = {
    "QueryVariable": "query", "DatasourceVariable": "datasource", "IntervalVariable": "interval",
    "CustomVariable": "custom", "ConstantVariable": "constant", "TextVariable": "textbox",
    "AdhocVariable": "adhoc", "GroupByVariable": "groupby",
}  # fmt: skip
_HEAD: Final = ("uid", "title", "description", "editable", "tags")


def is_v2(whole: object) -> TypeGuard[JsonMapping]:
    """Say whether a dashboard is of schema v2: it has elements, and a layout that places them."""
    return isinstance(whole, Mapping) and "elements" in whole


def classic(whole: JsonMapping) -> JsonObject:
    """Return the same dashboard in the classic shape; KeyError and the like for another shape."""
    return {
        **{key: whole[key] for key in _HEAD if key in whole},
        "panels": list(_panels(whole)),
        "templating": {"list": [_variable(one) for one in whole.get("variables") or ()]},
        "annotations": {"list": [_annotation(one) for one in whole.get("annotations") or ()]},
    }


def _panels(whole: JsonMapping) -> Iterator[JsonMapping]:
    """Yield the panels in rows of their headings; what no layout places is last."""
    elements, rows = dict(whole["elements"]), dict[str, list[JsonMapping]]()
    for heading, name, place in _places(whole.get("layout") or {}, ""):
        if name in elements:
            rows.setdefault(heading, []).append(_panel(elements.pop(name), place))
    rows.setdefault("", []).extend(_panel(one, {}) for one in elements.values())
    for heading, panels in rows.items():
        yield {"type": "row", "title": heading, "panels": panels}


def _places(layout: JsonMapping, heading: str) -> Iterator[tuple[str, str, JsonMapping]]:
    """Yield (heading, element, place) of a layout of any kind, rows and tabs opened."""
    spec = layout.get("spec") or {}
    for key in ("rows", "tabs"):
        for part in spec.get(key) or ():
            inner = part.get("spec") or {}
            yield from _places(inner.get("layout") or {}, str(inner.get("title") or heading))
    for item in spec.get("items") or ():
        inner = item.get("spec") or {}
        if "element" in inner:
            yield heading, str(inner["element"]["name"]), inner


def _panel(element: JsonMapping, place: JsonMapping) -> JsonObject:
    spec = element.get("spec") or {}
    shown = spec.get("vizConfig") or {}
    queries = ((spec.get("data") or {}).get("spec") or {}).get("queries") or ()
    panel = {
        "type": shown.get("group") or shown.get("kind"),
        "title": spec.get("title"),
        "description": spec.get("description"),
        "links": spec.get("links"),
        "fieldConfig": (shown.get("spec") or {}).get("fieldConfig"),
        "targets": [_target(one.get("spec") or {}) for one in queries],
    }
    if element.get("kind") == "LibraryPanel":
        panel |= {
            "type": None,
            "libraryPanel": spec.get("libraryPanel") or {"name": spec.get("title")},
        }
    if {"x", "y", "width", "height"} <= place.keys():
        at = {"x": place["x"], "y": place["y"], "w": place["width"], "h": place["height"]}
        panel["gridPos"] = at
    return panel


def _target(spec: JsonMapping) -> JsonObject:
    query = spec.get("query") or {}
    return {**(query.get("spec") or {}), "refId": spec.get("refId"), "datasource": _source(spec)}


def _source(spec: JsonMapping) -> JsonMapping | None:
    """Return a data source: beside the query, or in it since v2beta1."""
    query = spec.get("query") or {}
    if not isinstance(query, Mapping):
        query = {}
    plugin = query.get("group") or query.get("kind")
    given = spec.get("datasource") or query.get("datasource")
    if not isinstance(given, Mapping):
        return {"type": plugin, "uid": "$default"} if plugin else None
    return {"type": given.get("type") or plugin, "uid": given.get("uid") or given.get("name")}


def _variable(raw: JsonMapping) -> JsonObject:
    spec, kind = raw.get("spec") or {}, _VARIABLES.get(str(raw.get("kind")), "")
    query = spec.get("query")
    if isinstance(query, Mapping):
        inner = query.get("spec") or {}
        query = inner.get("query") or inner.get("__legacyStringValue")
    if kind == "datasource":
        query = spec.get("pluginId") or query
    refresh = {"onDashboardLoad": 1, "onTimeRangeChanged": 2}.get(str(spec.get("refresh")), 0)
    return {**spec, "type": kind, "query": query, "refresh": refresh, "datasource": _source(spec)}


def _annotation(raw: JsonMapping) -> JsonObject:
    spec = raw.get("spec") or {}
    asked = (spec.get("query") or {}).get("spec") or {}
    return {"name": spec.get("name"), **{key: asked.get(key) for key in ("expr", "titleFormat")}}
