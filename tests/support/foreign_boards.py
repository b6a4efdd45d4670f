# ruff: noqa: E501, RUF001 -- as Grafana writes them
"""Dashboards as other people's Grafanas export them: shapes of ten years, written for tests.

Each is what its kind is known for: `node_full` the many panels in folded rows of the host board that
most people run, `mixin` the generated boards of Kubernetes, `of_2016` rows and graphs, `shared` the
inputs of an export for sharing, `v2` the newest schema.
"""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
DOLLAR = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
NODE = '{instance="$node",job="$job"}'


def node_full() -> Json:
    """Return a board of folded rows whose panels have the places of their unfolded row."""
    rows = ["CPU / Memory / Net / Disk", "Memory Meminfo", "Memory <Vmstat>", "System Timesync"]
    panels: list[Json] = [
        {"type": "row", "collapsed": False, "gridPos": {"h": 1, "w": 24, "x": 0, "y": 0},
         "id": 261, "panels": [], "title": "Quick"},
        {"type": "gauge", "title": "CPU Busy", "id": 20, "datasource": DOLLAR,
         "description": "Busy state of all CPU cores together\n(of the host)",
         "gridPos": {"h": 4, "w": 3, "x": 0, "y": 1},
         "fieldConfig": {"defaults": {"min": 0, "max": 100, "unit": "percent", "noValue": None,
          "mappings": [{"options": {"match": "null", "result": {"text": "N/A"}}, "type": "special"}],
          "thresholds": {"mode": "absolute", "steps": [
              {"color": "rgba(50, 172, 45, 0.97)"}, {"color": "rgb(255,0,0)", "value": 85}]}},
          "overrides": []},
         "targets": [{"refId": "A", "instant": True, "editorMode": "code",
           "expr": '100 * (1 - avg(rate(node_cpu_seconds_total{mode="idle", instance="$node"}'
                   "[$__rate_interval])))"}]},
    ]  # fmt: skip
    for number, title in enumerate(rows):
        inner = [
            {"type": "timeseries", "title": f"{title} {n}", "id": 10_000_000_000 + 100 * number + n,
             "description": None, "datasource": DOLLAR,
             "gridPos": {"h": 12, "w": 12, "x": 12 * (n % 2), "y": 22 + 12 * (n // 2)},
             "fieldConfig": {"defaults": {"unit": "bytes", "custom": {"stacking": {"mode": "normal"}}},
               "overrides": [{"matcher": {"id": "byRegexp", "options": "/.*_Total/"},
                              "properties": [{"id": "color", "value": {"mode": "fixed"}}]}]},
             "targets": [{"refId": "ABCD"[k], "format": "time_series", "intervalFactor": 1, "step": 240,
                          "legendFormat": "{{device}} – read/<b>s</b>",
                          "expr": f"irate(node_disk_read_bytes_total{NODE}[$__rate_interval])"}
                         for k in range(2)]}
            for n in range(8)
        ]  # fmt: skip
        panels.append(
            {"type": "row", "collapsed": True, "title": title, "panels": inner,
             "gridPos": {"h": 1, "w": 24, "x": 0, "y": 21 + number}}
        )  # fmt: skip
    variables = [
        {"type": "datasource", "name": "DS_PROMETHEUS", "query": "prometheus", "current": {}},
        {"type": "query", "name": "job", "query": {"qryType": 1, "refId": "Prometheus-job",
         "query": "label_values(node_uname_info, job)"}, "current": {}, "datasource": DOLLAR},
        {"type": "query", "name": "node", "definition": "x", "datasource": DOLLAR, "refresh": 1,
         "query": 'label_values(node_uname_info{job="$job", nodename="$nodename"}, instance)'},
        {"type": "custom", "name": "diskdevices", "hide": 2, "options": [],
         "query": "[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+", "current": {"value": "[a-z]+"}},
    ]  # fmt: skip
    return {"uid": "rYdddlPWk", "title": "Node Exporter Full", "panels": panels,
            "templating": {"list": variables}, "schemaVersion": 39, "graphTooltip": 1,
            "annotations": {"list": [{"builtIn": 1, "datasource": {"type": "datasource",
             "uid": "grafana"}, "name": "Annotations & Alerts", "type": "dashboard"}]}}  # fmt: skip


def mixin() -> Json:
    """Return a generated board: intervals on auto, repeats, variables in every place of PromQL."""
    exprs = [
        "sum(rate(container_cpu_usage_seconds_total[$interval])) by ($by)",
        'topk($limit, sum by (namespace) (rate(x_total{cluster=~"$cluster"}[$resolution])))',
        "$aggregation by (pod) (kube_pod_info{namespace=~'${namespace:pipe}'})",
        "quantile_over_time(0.99, up[$__range:$interval]) > $threshold",
        'rate(${metric}_total{le!=""}[${interval}] offset $offset)',
        "histogram_quantile($quantile, sum by (le) (rate(x_bucket[$__rate_interval])))",
        'increase(x_total[${__range_s}s]) and on (instance) up{job=~"[[job:regex]]"} == 1',
        '{"metric.with.dots", job="a"} # a comment\n+ 1',
        'label_replace(up, "short", "$1", "instance", "(.*):.*")',
        "max_over_time(x[1h:]) / ignoring(a) group_left(b, c) y",
        'sum(x{a="${__user.login}",b="${__from:date:iso}"}) or vector(0)',
        "count(up == bool 1) by (job) * 1e3",
    ]  # fmt: skip
    panels = [
        {"id": n, "type": "timeseries", "title": f"$namespace {n}", "repeat": "namespace",
         "repeatDirection": "h", "maxPerRow": 4, "datasource": "$datasource",
         "gridPos": {"h": 7, "w": 12, "x": 12 * (n % 2), "y": 7 * (n // 2)},
         "targets": [{"refId": "A", "expr": expr, "legendFormat": "__auto"}]}
        for n, expr in enumerate(exprs)
    ]  # fmt: skip
    panels.append({"id": 99, "repeatPanelId": 0, "type": "timeseries", "title": "copy",
                   "gridPos": {"h": 7, "w": 12, "x": 0, "y": 0}, "targets": []})  # fmt: skip
    panels.append({"libraryPanel": {"name": "Shared", "uid": "abc"}, "id": 100,
                   "gridPos": {"h": 7, "w": 24, "x": 0, "y": 90}})  # fmt: skip
    variables = [
        {"type": "datasource", "name": "datasource", "query": "prometheus", "regex": ""},
        {"type": "interval", "name": "interval", "auto": True, "auto_count": 30, "query": "1m,10m,1h",
         "current": {"text": "auto", "value": "$__auto_interval_interval"},
         "options": [{"text": "auto", "value": "$__auto_interval_interval", "selected": True},
                     {"text": "1m", "value": "1m"}]},
        {"type": "interval", "name": "resolution", "auto": True, "query": "30s,5m",
         "current": {"value": "$__auto"}},
        {"type": "custom", "name": "by", "query": "pod : pod, node : node", "multi": True,
         "current": {"value": ["pod", "node"]}},
        {"type": "textbox", "name": "limit", "query": "10"},
        {"type": "constant", "name": "quantile", "query": "0.95"},
        {"type": "query", "name": "aggregation", "query": "", "datasource": None},
        {"type": "query", "name": "namespace", "includeAll": True, "allValue": None,
         "query": "label_values(kube_pod_info, namespace)", "datasource": "$datasource",
         "current": {"value": ["$__all"]}},
        {"type": "query", "name": "raw", "query": 'up{job="x"}', "datasource": "$datasource"},
        {"type": "query", "name": "threshold", "query": 'query_result(max(up{job=~"$raw"}))',
         "current": {"text": "All", "value": "$__all"}, "includeAll": True},
        {"type": "adhoc", "name": "Filters", "datasource": "$datasource"},
    ]  # fmt: skip
    return {"title": "Kubernetes / Compute / <Namespace> & co", "uid": "a/../../b", "panels": panels,
            "templating": {"list": variables}}  # fmt: skip


def of_2016() -> Json:
    """Return a board of rows and graphs, whose data sources are names, of Loki and InfluxDB too."""
    graph = {"type": "graph", "title": "Load \\ $x^2_$ <script>", "stack": True, "span": 6,
             "yaxes": [{"format": "short"}, {"format": "short"}], "datasource": "Prometheus",
             "targets": [{"expr": 'node_load1{instance=~"$host:.*"}', "refId": "A", "hide": False,
                          "legendFormat": "$\\frac{a}$ {{ instance }}"}],
             "thresholds": [], "seriesOverrides": [], "links": [], "id": 1}  # fmt: skip
    stat = {"type": "singlestat", "title": "", "format": "none", "thresholds": "80,90", "id": 2,
            "datasource": "Prometheus", "targets": [{"expr": "up", "refId": "A"}],
            "valueMaps": [{"op": "=", "text": "N/A", "value": "null"}], "span": 6}  # fmt: skip
    loki = {"type": "logs", "title": "Log", "datasource": "Loki", "id": 3,
            "targets": [{"expr": '{app="x"} |= "error" | json', "refId": "A"}]}  # fmt: skip
    influx = {"type": "graph", "title": "Old", "datasource": "influx", "id": 4,
              "targets": [{"query": 'SELECT mean("v") FROM m WHERE $timeFilter'}]}  # fmt: skip
    return {"title": "Old one", "rows": [
        {"title": "Row", "height": "250px", "collapse": False, "panels": [graph, stat]},
        {"title": None, "panels": [loki, influx]}], "id": None, "version": 7,
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [{"type": "query", "name": "host", "query": "label_values(instance)",
                                 "regex": "/([^:]+):.*/", "datasource": "Prometheus"}]}}  # fmt: skip


def shared() -> Json:
    """Return an export for sharing: inputs, Loki beside Prometheus, odd units and scales."""
    loki = {
        "type": "stat",
        "title": "Lines",
        "datasource": {"uid": "$DS_LOKI"},
        "id": 1,
        "targets": [{"expr": 'sum(count_over_time({job="x"} |= "error" [5m]))', "refId": "A"}],
    }
    kinds = [
        "gauge",
        "bargauge",
        "table",
        "heatmap",
        "stat",
        "piechart",
        "grafana-clock-panel",
        "text",
    ]
    panels = [
        {"type": kind, "title": f"{kind} \U0001f4a5", "id": 2**53 + n, "datasource": DOLLAR,
         "gridPos": {"h": 5, "w": 0 if n == 3 else 400, "x": -3, "y": n * 5},
         "fieldConfig": {"defaults": {"min": 100, "max": 100, "unit": "suffix:$ %", "decimals": 40 if n else None,
          "thresholds": {"steps": [{"value": "80", "color": None}, {"value": 10, "color": "#ff0000"}]}}},
         "transformations": [{"id": "organize", "options": {"indexByName": {"a": "x"}}}],
         "targets": [{"expr": "up", "refId": "A", "datasource": None}, {"refId": "B"}]}
        for n, kind in enumerate(kinds)
    ]  # fmt: skip
    return {"__inputs": [{"name": "DS_PROMETHEUS", "type": "datasource", "pluginId": "prometheus"},
                         {"name": "DS_LOKI", "type": "datasource", "pluginId": "loki"}],
            "__requires": [], "uid": "..", "title": "Shared", "panels": [loki, *panels]}  # fmt: skip


def v2() -> Json:
    """Return a board of the schema v2: elements, a layout of rows, variables by kind."""

    def element(title: str, expr: str) -> Json:
        query = {"kind": "prometheus", "spec": {"expr": expr, "legendFormat": "{{job}}"}}
        return {"kind": "Panel", "spec": {"id": 1, "title": title, "description": "one\ntwo",
          "links": [], "data": {"kind": "QueryGroup", "spec": {"queries": [{"kind": "PanelQuery",
            "spec": {"refId": "A", "hidden": False, "query": query,
                     "datasource": {"type": "prometheus", "uid": "${ds}"}}}]}},
          "vizConfig": {"kind": "timeseries", "spec": {"options": {}, "fieldConfig": {
            "defaults": {"unit": "s"}, "overrides": []}}}}}  # fmt: skip

    items = [
        {
            "kind": "GridLayoutItem",
            "spec": {
                "x": 0,
                "y": 0,
                "width": 24,
                "height": 8,
                "element": {"kind": "ElementReference", "name": f"panel-{n}"},
            },
        }
        for n in (1,)
    ]
    grid = {"kind": "GridLayout", "spec": {"items": items}}
    row = {"kind": "RowsLayoutRow", "spec": {"title": "First", "collapse": True, "layout": grid}}
    return {"apiVersion": "dashboard.grafana.app/v2alpha1", "kind": "Dashboard",
            "metadata": {"name": "v2"}, "spec": {"title": "Newest", "elements": {
              "panel-1": element("Latency", 'rate(x_sum{job=~"$job"}[$step])'),
              "panel-2": element("Broken", "rate(x_sum[")},
              "layout": {"kind": "RowsLayout", "spec": {"rows": [row]}}, "variables": [
                {"kind": "QueryVariable", "spec": {"name": "job", "multi": True, "query": {
                  "kind": "prometheus", "spec": {"query": "label_values(up, job)"}}}},
                {"kind": "IntervalVariable", "spec": {"name": "step", "auto": True, "query": "1m,5m",
                  "current": {"text": "auto", "value": "$__auto"}}},
                {"kind": "DatasourceVariable", "spec": {"name": "ds", "pluginId": "prometheus"}}],
              "annotations": []}}  # fmt: skip


BOARDS: dict[str, Callable[[], Json]] = {
    one.__name__: one for one in (node_full, mixin, of_2016, shared, v2)
}
WRONG = {"mixin": ["dashboard-uid"], "shared": ["dashboard-uid"], "v2": ["target-promql"]}
"""What no Grafana would take, by the board that has it."""


def spoiled(board: Json, seed: int, times: int) -> Iterator[Json]:
    """Yield copies of a board with one value each replaced by another of any kind."""
    rng = random.Random(seed)
    odd = [
        None,
        "",
        "x\ny",
        "<b>",
        -1,
        2**70,
        1e400,
        [],
        {},
        ["a"],
        {"a": 1},
        True,
        "$a",
        "${",
        "..",
        "0",
    ]
    for _ in range(times):
        made = copy.deepcopy(board)
        place: Any = made
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(place[key], (dict, list)) and place[key] and rng.random() < 0.85:
                place = place[key]
                continue
            place[key] = rng.choice(odd)
            break
        yield made
