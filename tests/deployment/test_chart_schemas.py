"""Whatever the chart renders is what Kubernetes takes, in its three newest minor versions."""

import json
from pathlib import Path
from typing import Any

from tests.support.chart import SHIPPED, VARIED, documents
from tests.support.tool_environments import ask_tool

HERE = Path(__file__).parent
SCHEMAS = {
    "PrometheusRule": HERE.parent / "integration/alerts/schemas/prometheusrule.json",
    "ServiceMonitor": HERE / "schemas/servicemonitor.json",
    "ExternalSecret": HERE / "schemas/externalsecret.json",
}


def validated(objects: list[dict[str, Any]]) -> dict[str, Any]:
    schemas = {kind: json.loads(path.read_text()) for kind, path in SCHEMAS.items()}
    asked = {"documents": objects, "minors": 3, "schemas": schemas}
    found: dict[str, Any] = ask_tool("helm", "validate", asked)
    return found


def test_every_object_holds_by_the_schemas_of_three_versions_and_what_is_wrong_is_found() -> None:
    every = [one for name in (*SHIPPED, *VARIED) for one in documents(name)]
    different = list({json.dumps(one, sort_keys=True): one for one in every}.values())
    found = validated(different)
    assert len(found["versions"]) == 3
    assert found["wrong"] == []


def test_what_no_version_takes_is_found_by_each() -> None:
    objects = {f"{one['kind']} {one['metadata']['name']}": one for one in documents("production")}
    service = objects["Deployment calendar-assistant"]
    service["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    objects["HorizontalPodAutoscaler calendar-assistant"]["spec"]["maxReplicas"] = "many"
    objects["ServiceMonitor calendar-assistant"]["spec"]["endpoints"][0]["scrapeInterval"] = "1s"
    objects["ExternalSecret calendar-assistant"]["kind"] = "Unheard"
    spoilt = ("Deployment calendar-assistant", "HorizontalPodAutoscaler calendar-assistant",
              "ServiceMonitor calendar-assistant", "ExternalSecret calendar-assistant")  # fmt: skip
    wrong = validated([objects[name] for name in spoilt])["wrong"]
    for named in ("readinesProbe", "'many'", "scrapeInterval", "Unheard"):
        assert len([one for one in wrong if named in one]) == 3, named
