import math
import re
from typing import Any

import pytest
from lxml import html

from dashboards.edge.preview_page import Page, preview
from dashboards.live import span_of
from dashboards.preview.answers import Happening, Named
from dashboards.preview.buckets import heat_rows
from dashboards.preview.legend import legend
from dashboards.preview.states import limits, state_of
from dashboards.source import Series
from tests.unit.dashboards.answers import GivenAnswers, series
from tests.unit.dashboards.samples import dashboard, panel

STEPS = {
    "steps": [
        {"value": None, "color": "green"},
        {"value": 2, "color": "orange"},
        {"value": 5, "color": "red"},
    ]
}
TWO = [series({"route": "/a"}, 1, 2, 3), series({"route": "/b"}, 4, math.nan, 6)]


def page(*panels: dict[str, Any], found: list[Series] | None = None, **more: Any) -> Page:
    source = GivenAnswers(
        answers={"x_total": TWO if found is None else found},
        refused={"refused": "no such function"},
        values={"job": ("api",), "instance": ("a",)},
    )
    return preview(
        dashboard(*panels, **more.pop("dashboard", {})),
        source,
        span_of(300, 600, 15),
        scrape_s=15,
        **more,
    )


def of(kind: str, **defaults: Any) -> dict[str, Any]:
    return panel(type=kind, fieldConfig={"defaults": {"unit": "s", "thresholds": STEPS} | defaults})


def test_lines_are_drawn_with_a_legend_of_last_and_highest_values() -> None:
    text = page(of("timeseries")).html
    tree = html.fromstring(text)

    entries = [" ".join(li.text_content().split()) for li in tree.xpath("//ul[@class='legend']/li")]
    assert entries == ["/a 3 s", "/b 6 s"]
    assert "--line-1" in text
    assert "--line-2" in text
    assert "Limits 2 s, 5 s." in " ".join(tree.text_content().split())


def test_a_wide_chart_is_drawn_again_for_a_telephone() -> None:
    wide = of("timeseries") | {"gridPos": {"x": 0, "y": 0, "w": 24, "h": 8}}
    third = of("timeseries") | {"gridPos": {"x": 0, "y": 0, "w": 8, "h": 8}}

    assert len(html.fromstring(page(wide).html).xpath("//svg")) == 2
    assert len(html.fromstring(page(third).html).xpath("//svg")) == 1


def test_a_stat_is_a_number_in_the_colour_of_its_threshold() -> None:
    values = html.fromstring(page(of("stat")).html).xpath("//div[starts-with(@class, 'value ')]")

    assert [(v.get("class"), v.findtext("b")) for v in values] == [
        ("value warn", "3 s"),
        ("value bad", "6 s"),
    ]


def test_a_gauge_says_its_value_and_the_ends_of_its_scale() -> None:
    text = page(of("gauge", min=0, max=10), found=TWO[:1]).html

    drawn = html.fromstring(text).xpath("//text")
    assert [one.text.strip() for one in drawn] == ["3 s", "0 s", "10 s"]


def test_a_table_joins_its_queries_by_their_labels_in_columns_of_their_own_units() -> None:
    table = of("table") | {
        "targets": [
            {"refId": "A", "expr": "x_total", "instant": True},
            {"refId": "B", "expr": "x_total * 1000", "instant": True},
        ],
        "transformations": [
            {
                "id": "organize",
                "options": {
                    "renameByName": {"Value #A": "p95", "Value #B": "size"},
                    "indexByName": {"route": 0, "Value #A": 1, "Value #B": 2},
                },
            }
        ],
    }
    table["fieldConfig"]["overrides"] = [
        {
            "matcher": {"id": "byName", "options": "size"},
            "properties": [{"id": "unit", "value": "bytes"}],
        }
    ]

    rows = html.fromstring(page(table).html).xpath("//tr")

    assert [[cell.text for cell in row] for row in rows] == [
        ["route", "p95", "size"],
        ["/a", "3 s", "3 B"],
        ["/b", "6 s", "6 B"],
    ]


def test_a_heat_map_counts_each_bucket_without_those_below_it() -> None:
    found = [
        series({"le": "0.1"}, 1, 1),
        series({"le": "+Inf"}, 3, 5),
        series({"le": "0.5"}, 3, 4),
    ]
    target = dashboard().panels[0].targets[0]
    times, labels, counts = heat_rows([Named("", one, target) for one in found], "s")

    assert times == [585.0, 600.0]
    assert labels == ["≤ 100 ms", "≤ 500 ms", "more"]
    assert counts == [[1, 1], [2, 3], [0, 1]]
    assert 'class="chart"' in page(of("heatmap"), found=found).html


def test_a_panel_without_data_says_so_and_is_reported() -> None:
    silent = page(of("timeseries"), found=[])
    declared = page(of("timeseries", noValue="Nobody came in this time."), found=[])

    assert (silent.broken, silent.empty) == (("Requests",), ())
    assert (declared.broken, declared.empty) == ((), ("Requests",))
    assert "Nobody came in this time." in declared.html


def test_a_query_that_is_refused_shows_the_reason_in_its_panel() -> None:
    shown = page(panel("refused(x_total)"))

    assert shown.broken == ("Requests",)
    assert "no such function" in shown.html


def test_a_panel_of_an_unknown_type_is_named_and_the_others_are_drawn() -> None:
    shown = page(of("cake-chart") | {"title": "Cake"}, of("stat"))

    assert "Panels of type &#39;cake-chart&#39; are not drawn" in shown.html
    assert len(html.fromstring(shown.html).xpath("//div[starts-with(@class, 'value ')]")) == 2


def test_what_a_dashboard_or_prometheus_says_is_text_and_never_markup() -> None:
    attack = "<script>alert(1)</script>"
    shown = page(
        of("timeseries") | {"title": attack, "description": attack},
        found=[series({"route": attack}, 1, 2)],
        also=(Happening(attack, 500, 520, "bad"),),
    )

    assert "<script" not in shown.html


def test_the_page_opens_without_a_network() -> None:
    text = page(of("timeseries"), of("gauge"), of("stat")).html

    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*", text) == []
    assert "@import" not in text


def test_equal_answers_give_equal_pages() -> None:
    assert page(of("timeseries"), of("heatmap")).html == page(of("timeseries"), of("heatmap")).html


def test_happenings_of_annotations_are_listed_and_short_gaps_joined() -> None:
    note = {
        "name": "Deploys",
        "expr": "x_total",
        "titleFormat": "Deploy {{route}}",
        "datasource": {"type": "prometheus", "uid": "$datasource"},
    }
    shown = page(of("stat"), dashboard={"annotations": {"list": [note]}})

    items = html.fromstring(shown.html).xpath("//ul[@class='happenings']/li")
    assert [" ".join(li.text_content().split()) for li in items] == [
        "Deploy /a 00:09:30 to 00:10:00",
        "Deploy /b 00:09:30 to 00:10:00",
    ]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("{{ route }} p95", "/a p95"),
        ("__auto", 'up{job="api", route="/a"}'),
        ("", 'up{job="api", route="/a"}'),
        ("{{missing}}", ""),
    ],
)
def test_series_are_named_as_grafana_names_them(form: str, name: str) -> None:
    assert legend(form, {"__name__": "up", "job": "api", "route": "/a"}) == name


def test_limits_are_where_a_value_stops_being_good() -> None:
    low = {"steps": [{"value": None, "color": "red"}, {"value": 0.9, "color": "green"}]}
    (found,) = dashboard(of("stat", thresholds=low)).panels

    assert limits(found) == [(0.9, "bad")]
    assert [state_of(found, value) for value in (0.89, 0.9)] == ["bad", "good"]
