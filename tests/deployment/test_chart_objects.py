"""The objects of the chart fit each other, the service, the command and the documents."""

import re
import shlex
from typing import Any

import pytest

from alerts.edge.shipped import HOME
from kit.edge.containers.catalog import ROOT
from ops.checks.places import read_places
from service.settings import Settings
from slo.edge.project_file import shipped
from tests.support.chart import SHIPPED, VARIED, answer, documents, of_kind, pods_of
from tests.support.command_line import parsed

EVERY = (*SHIPPED, *VARIED)
Raw = dict[str, Any]


def holds(selector: Raw, labels: Raw) -> bool:
    return selector.items() <= labels.items()


@pytest.mark.parametrize("name", EVERY)
def test_every_selector_finds_pods_and_every_object_lies_in_the_namespace(name: str) -> None:
    objects = documents(name)
    labels = [pod["metadata"]["labels"] for pod in pods_of(objects).values()]
    for one in objects:
        assert one["metadata"]["namespace"] in {"calendar", "ingress-nginx"}, one["metadata"][
            "name"
        ]
        if one["kind"] == "Service":
            assert any(holds(one["spec"]["selector"], each) for each in labels)
        if one["kind"] == "Deployment":
            spec = one["spec"]
            assert holds(spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"])
        if one["kind"] == "PodDisruptionBudget":
            assert any(holds(one["spec"]["selector"]["matchLabels"], each) for each in labels)


@pytest.mark.parametrize("name", EVERY)
def test_no_two_deployments_and_no_two_services_select_the_same_pod(name: str) -> None:
    for kind in ("Deployment", "Service"):
        for pod, template in pods_of(documents(name)).items():
            chosen = [
                one["metadata"]["name"]
                for one in documents(name)
                if one["kind"] == kind
                and holds(
                    one["spec"]["selector"].get("matchLabels", one["spec"]["selector"]),
                    template["metadata"]["labels"],
                )
            ]
            assert len(chosen) <= 1, (pod, chosen)


@pytest.mark.parametrize("name", EVERY)
def test_what_a_pod_reads_or_mounts_is_there_or_is_named_to_who_installs(name: str) -> None:
    objects, notes = documents(name), answer(name)["notes"]
    there = {(one["kind"], one["metadata"]["name"]) for one in objects}
    for template in pods_of(objects).values():
        spec = template["spec"]
        assert ("ServiceAccount", spec["serviceAccountName"]) in there
        for volume in spec["volumes"]:
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            assert claim in {None, "calendar-backups"} or ("PersistentVolumeClaim", claim) in there
        for container in spec["containers"]:
            mounted = {one["name"] for one in container["volumeMounts"]}
            assert mounted <= {one["name"] for one in spec["volumes"]}
            for source in container.get("envFrom", ()):
                assert ("ConfigMap", source["configMapRef"]["name"]) in there
            for each in container["env"]:
                secret = each.get("valueFrom", {}).get("secretKeyRef")
                if secret and not secret.get("optional"):
                    known = {("Secret", secret["name"]), ("ExternalSecret", secret["name"])} & there
                    assert known or (secret["name"] in notes and secret["key"] in notes), each


@pytest.mark.parametrize("name", EVERY)
def test_every_variable_is_one_that_the_service_or_the_command_reads(name: str) -> None:
    settings = {f"CALENDAR_{field.upper()}" for field in Settings.model_fields}
    sources = [path for folder in ("sre", "kit", "ops") for path in (ROOT / folder).rglob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    for template in pods_of(documents(name)).values():
        for container in template["spec"]["containers"]:
            for variable in (one["name"] for one in container["env"]):
                if variable.startswith("CALENDAR_"):
                    assert variable in settings
                elif variable.startswith("SRE_"):
                    assert variable in text, variable
    data = next(iter(of_kind(name, "ConfigMap").values()))["data"]
    assert data.keys() <= settings


@pytest.mark.parametrize("name", EVERY)
def test_what_of_the_monitoring_has_no_address_is_declared_absent_to_the_checks(name: str) -> None:
    for template in pods_of(documents(name)).values():
        for container in template["spec"]["containers"]:
            told = {one["name"]: one["value"] for one in container["env"] if "value" in one}
            if "SRE_GRAFANA_URL" not in told:
                continue
            places = read_places({one: value for one, value in told.items() if value})
            without = {one for one in ("prometheus", "alertmanager", "grafana")
                       if not getattr(places, one)}  # fmt: skip
            assert places.absent == without


def commands(name: str) -> list[list[str]]:
    """Return every call of `sre` that a pod makes."""
    found = []
    for template in pods_of(documents(name)).values():
        for container in template["spec"]["containers"]:
            words = container.get("command", [])
            if words[:1] == ["sre"]:
                found.append(words)
            for line in re.split(r"[\n;]", words[-1]) if words[:1] == ["sh"] else ():
                call = line.partition(" || ")[0].strip().removeprefix("then ").strip()
                if call.startswith("sre "):
                    found.append(shlex.split(call))
    return found


def test_every_call_of_the_command_is_one_that_it_takes() -> None:
    calls = {name: commands(name) for name in EVERY}
    assert all(calls.values())
    for call in sorted({tuple(one) for each in calls.values() for one in each}):
        parsed(list(call[1:]))


@pytest.mark.parametrize("name", EVERY)
def test_the_autoscaler_rules_alone_over_how_many_pods_there_are(name: str) -> None:
    scaled = [one["spec"]["scaleTargetRef"]["name"]
              for one in of_kind(name, "HorizontalPodAutoscaler").values()]  # fmt: skip
    for deployment, one in of_kind(name, "Deployment").items():
        assert ("replicas" in one["spec"]) is (deployment not in scaled)


def test_pods_end_after_they_have_been_drained_and_a_new_one_is_ready_first() -> None:
    spec = of_kind("default", "Deployment")["calendar-assistant"]["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    pod = spec["template"]["spec"]
    drain = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    graceful = int(
        re.findall(r"timeout_graceful_shutdown=(\d+)", (ROOT / "service/serving.py").read_text())[0]
    )
    assert pod["terminationGracePeriodSeconds"] > drain + graceful
    probes = {name: pod["containers"][0][f"{name}Probe"]["httpGet"]["path"]
              for name in ("startup", "liveness", "readiness")}  # fmt: skip
    project = shipped()
    assert probes == {
        "startup": project.alive,
        "liveness": project.alive,
        "readiness": project.ready,
    }


def test_prometheus_sees_the_jobs_that_the_rules_ask_for() -> None:
    monitors = of_kind("default", "ServiceMonitor")
    jobs = {
        one["spec"]["endpoints"][0]["relabelings"][0]["replacement"] for one in monitors.values()
    }
    asked = set(re.findall(r'job="([a-z-]+)"', (HOME / "generated/calendar.yaml").read_text()))
    assert jobs == asked
    services = of_kind("default", "Service")
    for name, monitor in monitors.items():
        assert holds(
            monitor["spec"]["selector"]["matchLabels"], services[name]["metadata"]["labels"]
        )
        ports = {port["name"] for port in services[name]["spec"]["ports"]}
        assert {each["port"] for each in monitor["spec"]["endpoints"]} <= ports


def test_the_rules_and_the_boards_are_those_that_are_built() -> None:
    rules = of_kind("production", "PrometheusRule")["calendar-assistant"]
    assert [one["name"] for one in rules["spec"]["groups"]] == re.findall(
        r"^  - name: (\S+)",
        (HOME / "generated/kubernetes/prometheusrule.yaml").read_text(),
        re.MULTILINE,
    )
    text = str(rules)
    assert "{{ $labels." in text or "{{$labels." in text or "$value" in text  # not rendered by Helm
    boards = {name: one for name, one in of_kind("production", "ConfigMap").items()
              if name.startswith("dashboard-")}  # fmt: skip
    built = {path.name: path.read_text() for path in (ROOT / "dashboards/generated").glob("*.json")}
    shown = {file: text for one in boards.values() for file, text in one["data"].items()}
    assert shown == built


@pytest.mark.parametrize(
    "named", ["Deployment calendar-assistant", "Deployment mongodb", "Deployment redis",
              "HorizontalPodAutoscaler calendar-assistant", "Ingress calendar-assistant",
              "Service calendar-assistant", "ServiceAccount calendar-assistant"],
)  # fmt: skip
def test_the_documents_commands_find_what_they_name(named: str) -> None:
    objects = {f"{one['kind']} {one['metadata']['name']}": one for one in documents("default")}
    assert named in objects
    if named.startswith("Deployment"):  # kubectl describe pod -l app=…; kubectl patch by container
        template = objects[named]["spec"]["template"]
        assert template["metadata"]["labels"]["app"] == named.removeprefix("Deployment ")
        assert template["spec"]["containers"][0]["name"] == named.removeprefix("Deployment ")


def test_an_image_is_named_by_registry_tag_and_digest() -> None:
    def image(name: str) -> str:
        spec = of_kind(name, "Deployment")["calendar-assistant"]["spec"]["template"]["spec"]
        return str(spec["containers"][0]["image"])

    assert image("default") == "calendar-sre/service:1.0.0"
    assert image("airgapped") == "registry.internal:5000/calendar-sre/service:1.0.0"
    assert image("digest") == "calendar-sre/service@sha256:" + "0" * 64
    outside = {
        container["image"]
        for template in pods_of(documents("airgapped")).values()
        for container in template["spec"]["containers"]
        if not container["image"].startswith("registry.internal:5000/")
    }
    assert outside == set()
