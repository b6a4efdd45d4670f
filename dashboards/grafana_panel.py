"""A panel in Grafana's JSON, by Grafana's own SDK."""

import zlib
from collections.abc import Callable, Iterator
from string import ascii_uppercase
from typing import Final

from grafana_foundation_sdk.builders import common as parts
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import gauge, heatmap, prometheus, stat, table, timeseries
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.grid import Place
from dashboards.panel import Kind, Panel, Query, Unit
from dashboards.runbooks import PREFIX
from dashboards.variables import SOURCE

_LAST: Final = "lastNotNull"
_OVER_TIME: Final = frozenset({Kind.TIMESERIES, Kind.HEATMAP})
_TIMES: Final = frozenset({Unit.SECONDS, Unit.MILLISECONDS})
_BUCKETS: Final = "_bucket{"

_Drawing = timeseries.Panel | stat.Panel | gauge.Panel | table.Panel | heatmap.Panel


def compile_panel(panel: Panel, place: Place, *, identity: int, runbooks: str) -> _Drawing:
    """Return the SDK's builder of a panel; `runbooks` is the address of the runbook pages."""
    drawing: _Drawing = _DRAWINGS[panel.kind](panel)
    drawing = (
        drawing.id(identity)
        .title(panel.title)
        .description(f"Good: {panel.good}\n\nOtherwise: {panel.otherwise}")
        .datasource(SOURCE)
        .grid_pos(model.GridPos(h=place.height, w=place.width, x=place.x, y=place.y))
        .unit(panel.unit)
        .interval("$interval")
        .links([_runbook(alert, runbooks) for alert in panel.alerts])
        .thresholds(_thresholds(panel))
    )
    if panel.tone is not None:
        shades = build.FieldColor().mode(model.FieldColorModeId.SHADES).fixed_color(panel.tone)
        drawing = drawing.color_scheme(shades)
    for letter, query in zip(ascii_uppercase, panel.queries, strict=False):
        drawing = drawing.with_target(_target(letter, query, panel))
        if query.tone is not None:
            colour = {"mode": "fixed", "fixedColor": query.tone.value}
            painted = model.DynamicConfigValue(id_val="color", value=colour)
            drawing = drawing.override_by_query(letter, [painted])
    for name, value in (
        ("no_value", panel.when_empty or None),
        ("min", panel.lowest),
        ("max", panel.highest),
        ("decimals", panel.decimals),
    ):
        if value is not None:
            getattr(drawing, name)(value)
    return drawing


def identity_of(uid: str, title: str) -> int:
    """Return a number for a panel that stays when others come and go."""
    return zlib.crc32(f"{uid}/{title}".encode()) % 10_000_000 + 1


def _thresholds(panel: Panel) -> build.ThresholdsConfig:
    steps = [model.Threshold(value=step.value, color=step.state) for step in panel.steps]
    return (
        build.ThresholdsConfig()
        .mode(model.ThresholdsMode.ABSOLUTE)
        .steps(steps or [model.Threshold(value=None, color="blue")])
    )


def _runbook(alert: str, runbooks: str) -> build.DashboardLink:
    return (
        build.DashboardLink(f"{PREFIX}{alert}")
        .type(model.DashboardLinkType.LINK)
        .url(f"{runbooks}/{alert}.md")
        .target_blank(target_blank=True)
    )


def _target(letter: str, query: Query, panel: Panel) -> prometheus.Dataquery:
    target = (
        prometheus.Dataquery()
        .ref_id(letter)
        .datasource(SOURCE)
        .expr(query.expr)
        .legend_format(query.legend or "__auto")
    )
    if panel.kind is Kind.HEATMAP:
        target = target.format(PromQueryFormat.HEATMAP)
    elif panel.kind is Kind.TABLE:
        target = target.format(PromQueryFormat.TABLE)
    if panel.kind in _OVER_TIME and panel.unit in _TIMES and _BUCKETS in query.expr:
        target = target.exemplar(exemplar=True)  # the traces of single requests, as points
    return target.instant() if query.instant else target.range()


def _timeseries(panel: Panel) -> timeseries.Panel:
    drawing = (
        timeseries.Panel()
        .line_width(2)
        .fill_opacity(25 if panel.stacked else 0)
        .show_points(common.VisibilityMode.AUTO)
        .span_nulls(span_nulls=False)
        .legend(
            parts.VizLegendOptions()
            .display_mode(common.LegendDisplayMode.LIST)
            .placement(common.LegendPlacement.BOTTOM)
            .show_legend(show_legend=True)
            .calcs([_LAST, "max"])
        )
        .tooltip(
            parts.VizTooltipOptions()
            .mode(common.TooltipDisplayMode.MULTI)
            .sort(common.SortOrder.DESCENDING)
        )
    )
    if panel.stacked:
        drawing = drawing.stacking(
            parts.StackingConfig().mode(common.StackingMode.NORMAL).group("A")
        )
    if panel.steps:
        drawing = drawing.thresholds_style(
            parts.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.DASHED)
        )
    return drawing


def _stat(panel: Panel) -> stat.Panel:
    moving = not all(query.instant for query in panel.queries)
    return (
        stat.Panel()
        .graph_mode(common.BigValueGraphMode.AREA if moving else common.BigValueGraphMode.NONE)
        .color_mode(common.BigValueColorMode.VALUE)
        .text_mode(common.BigValueTextMode.AUTO)
        .reduce_options(parts.ReduceDataOptions().calcs([_LAST]).values(values=False))
    )


def _gauge(panel: Panel) -> gauge.Panel:
    return (
        gauge.Panel()
        .show_threshold_markers(show_threshold_markers=bool(panel.steps))
        .show_threshold_labels(show_threshold_labels=False)
        .reduce_options(parts.ReduceDataOptions().calcs([_LAST]).values(values=False))
    )


def _table(panel: Panel) -> table.Panel:
    drawing = table.Panel().show_header(show_header=True).cell_height(common.TableCellHeight.SM)
    names = dict(_columns(panel))
    order = [*panel.labels, *names]
    drawing = drawing.with_transformation(model.DataTransformerConfig(id_val="merge", options={}))
    drawing = drawing.with_transformation(
        model.DataTransformerConfig(
            id_val="organize",
            options={
                "excludeByName": {"Time": True, "__name__": True},
                "indexByName": {name: index for index, name in enumerate(order)},
                "renameByName": names,
            },
        )
    )
    for query in panel.queries:
        if query.unit is not None:
            drawing = drawing.override_by_name(
                query.legend, [model.DynamicConfigValue(id_val="unit", value=query.unit)]
            )
    return drawing


def _columns(panel: Panel) -> Iterator[tuple[str, str]]:
    """Yield Grafana's name of each value column and ours: it numbers them only beside others."""
    if len(panel.queries) == 1:
        yield "Value", panel.queries[0].legend
        return
    for letter, query in zip(ascii_uppercase, panel.queries, strict=False):
        yield f"Value #{letter}", query.legend


def _heatmap(panel: Panel) -> heatmap.Panel:
    return (
        heatmap.Panel()
        .calculate(calculate=False)
        .color(
            heatmap.HeatmapColorOptions()
            .mode(HeatmapColorMode.SCHEME)
            .scheme("Blues")
            .steps(64)
            .exponent(0.5)
        )
        .y_axis(heatmap.YAxisConfig().unit(panel.unit))
    )


_DRAWINGS: Final[dict[Kind, Callable[[Panel], _Drawing]]] = {
    Kind.TIMESERIES: _timeseries,
    Kind.STAT: _stat,
    Kind.GAUGE: _gauge,
    Kind.TABLE: _table,
    Kind.HEATMAP: _heatmap,
}
