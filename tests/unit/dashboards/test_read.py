import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.context import Context
from dashboards.read import read_dashboard
from dashboards.rules import panel_type
from kit.pure.errors import BadInputError
from tests.unit.dashboards.samples import dashboard, dashboard_json, panel


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "x.json is not JSON: Expecting property name"),
        ("[]", "is not a Grafana dashboard: it has neither panels nor rows"),
        (
            '{"kind": "Dashboard", "spec": {"elements": {"a": 3}}}',
            "is not a Grafana dashboard: a part of it has another shape",
        ),
        ('{"title": "x"}', "it has neither panels nor rows"),
        ('{"panels": [3]}', "is not a Grafana dashboard"),
        ('{"panels": {"a": 1}}', "is not a Grafana dashboard"),
        ('{"panels": [], "templating": {"list": ["job"]}}', "is not a Grafana dashboard"),
        ('{"panels": [{"gridPos": {"x": "left"}}]}', "is not a Grafana dashboard"),
    ],
)
def test_what_is_no_dashboard_is_named_with_its_file(content: str, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_dashboard("x.json", content)

    assert says in str(caught.value)
    assert caught.value.hint


def test_an_answer_of_grafanas_api_is_read_like_the_dashboard_in_it() -> None:
    plain = dashboard()
    wrapped = json.dumps({"dashboard": dashboard_json(), "meta": {"folderUid": "x"}})

    assert read_dashboard("sample.json", wrapped) == plain


def test_a_resource_of_grafanas_newer_api_is_read_like_the_dashboard_in_it() -> None:
    resource = {"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard"}

    assert read_dashboard("sample.json", json.dumps(resource | {"spec": dashboard_json()})) == (
        dashboard()
    )


def test_a_library_panel_is_named_and_never_passed_unseen() -> None:
    kept_elsewhere = {"id": 7, "libraryPanel": {"uid": "abc", "name": "Shared latency"}}
    found = read_dashboard("x.json", json.dumps({"panels": [kept_elsewhere]}))
    (problem,) = panel_type.check(found, Context())

    assert problem.panel == "Shared latency"
    assert "is a library panel" in problem.message


def test_a_panel_of_before_field_configurations_keeps_its_unit() -> None:
    found = dashboard(panel(type="graph", fieldConfig=None, yaxes=[{"format": "s"}, {}]))

    assert found.panels[0].unit == "s"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    key=st.sampled_from(["panels", "templating", "annotations", "time", "uid", "rows"]),
    value=json_values,
)
def test_whatever_a_file_holds_it_is_read_or_refused_with_one_error(
    key: str, value: object
) -> None:
    content = json.dumps(dashboard_json() | {key: value})
    with contextlib.suppress(BadInputError):
        read_dashboard("any.json", content)
