"""Read one panel of a dashboard's JSON."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Final

from dashboards.document import Colour, Drawn, Link, Source, Target, Threshold
from dashboards.grid import Place
from kit.pure.json_values import JsonMapping

Json = JsonMapping  # of any Grafana: a part of another shape is an error of the file
_MOST_DECIMALS: Final = 9
LIBRARY: Final = "library panel"
"""The kind of a panel that Grafana keeps elsewhere: the dashboard has only its name."""


def read_panel(raw: Json, row: str, group: int = 0) -> Drawn:
    """Return a panel; AttributeError, TypeError or ValueError when a part has no such shape."""
    config = raw.get("fieldConfig") or {}
    defaults = config.get("defaults") or {}
    stacking = ((defaults.get("custom") or {}).get("stacking") or {}).get("mode")
    organized = _organized(raw)
    decimals = numbers(defaults.get("decimals"))
    library = raw.get("libraryPanel") or {}
    return Drawn(
        title=text(raw.get("title") or library.get("name")),
        description=text(raw.get("description")),
        kind=text(raw.get("type")) or (LIBRARY if library else ""),
        unit=text(defaults.get("unit")) or _old_unit(raw),
        units_by_column=dict(_column_units(config)),
        place=_place(raw.get("gridPos")),
        source=read_source(raw.get("datasource")),
        targets=tuple(_target(item) for item in raw.get("targets") or ()),
        thresholds=tuple(_thresholds(defaults)),
        links=tuple(
            Link(text(item.get("title")), text(item.get("url"))) for item in raw.get("links") or ()
        ),
        row=row,
        no_value=text(defaults.get("noValue")),
        lowest=numbers(defaults.get("min")),
        highest=numbers(defaults.get("max")),
        decimals=None if decimals is None else min(max(int(decimals), 0), _MOST_DECIMALS),
        stacked=stacking not in {None, "none"} or bool(raw.get("stack")),
        columns={text(k): text(v) for k, v in (organized.get("renameByName") or {}).items()},
        column_order={
            text(k): int(at)
            for k, v in (organized.get("indexByName") or {}).items()
            if (at := numbers(v)) is not None
        },
        group=group,
        tone=_tone(defaults.get("color")),
        colours=tuple(_colours(config)),
        is_copy=bool(raw.get("repeatPanelId") or raw.get("repeatedByRow")),
    )


def read_source(raw: object) -> Source | None:
    """Return a data source, written as an object, or as a name before Grafana 8.3."""
    if raw is None:
        return None
    if isinstance(raw, Mapping):
        return Source(text(raw.get("type")), text(raw.get("uid")))
    name = text(raw)
    return Source("grafana" if name == "-- Grafana --" else "", name)


def text(raw: object) -> str:
    """Return text for a string or number, "" for nothing."""
    return "" if raw is None or isinstance(raw, (dict, list)) else str(raw)


def numbers(raw: object) -> float | None:
    """Return a finite number, or None for anything else, such as empty text or `auto`."""
    if not isinstance(raw, (int, float, str)) or isinstance(raw, bool):
        return None
    try:
        found = float(raw)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def _old_unit(raw: Json) -> str:
    """Return the unit of panels from before field configurations: `graph` and `singlestat`."""
    axes = raw.get("yaxes") or ()
    first = axes[0].get("format") if axes and isinstance(axes, list) else None
    return text(raw.get("format") or first)


def _target(raw: Json) -> Target:
    return Target(
        ref=text(raw.get("refId")),
        expr=text(raw.get("expr")),
        legend=text(raw.get("legendFormat")),
        source=read_source(raw.get("datasource")),
        instant=bool(raw.get("instant")) and not raw.get("range"),
    )


def _thresholds(defaults: Json) -> Iterator[Threshold]:
    thresholds = defaults.get("thresholds") or {}
    if thresholds.get("mode") == "percentage":
        return
    for step in thresholds.get("steps") or ():
        yield Threshold(numbers(step.get("value")), text(step.get("color")))


def _tone(raw: object) -> str:
    if not isinstance(raw, Mapping) or raw.get("mode") not in {"fixed", "shades"}:
        return ""
    return text(raw.get("fixedColor"))


def _colours(config: Json) -> Iterator[Colour]:
    for override in config.get("overrides") or ():
        matcher = override.get("matcher") or {}
        for item in override.get("properties") or ():
            if item.get("id") == "color" and (tone := _tone(item.get("value"))):
                yield Colour(text(matcher.get("id")), text(matcher.get("options")), tone)


def _place(raw: object) -> Place | None:
    if not isinstance(raw, Mapping):
        return None
    x, y, width, height = (int(raw.get(key) or 0) for key in "xywh")
    return Place(x, y, width, height)


def _column_units(config: Json) -> Iterator[tuple[str, str]]:
    for override in config.get("overrides") or ():
        matcher = override.get("matcher") or {}
        if matcher.get("id") != "byName":
            continue
        for item in override.get("properties") or ():
            if item.get("id") == "unit":
                yield text(matcher.get("options")), text(item.get("value"))


def _organized(raw: Json) -> Json:
    for item in raw.get("transformations") or ():
        if item.get("id") == "organize":
            options: Json = item.get("options") or {}
            return options
    return {}
