"""What may be set: the schema knows every value, and refuses by name what would not start."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from service.settings import Settings
from tests.support.chart import CHART, REFUSED, SHIPPED, answer, of_kind
from tests.support.yaml_text import from_yaml

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
VALUES = from_yaml((CHART / "values.yaml").read_text())
ELSEWHERE = {
    "mongodb_url", "redis_url", "admin_key", "llm_key", "traces_url", "traces_headers",  # secrets
    "workers", "metrics_dir", "version",  # follow from others, or from each start
    "log_dir", "auth",  # the root is read-only, and a pod answers everybody who is let in
}  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_helm_finds_nothing_to_say_against_the_values_that_are_shipped(name: str) -> None:
    said = answer(name)["lint"]
    assert said["errors"] == []
    assert [one["error"] for one in said["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_by_its_name(name: str) -> None:
    assert REFUSED[name][1] in answer(name).get("error", "accepted")


def resolved(schema: Any) -> Any:
    if "$ref" in schema:
        return resolved(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    choices = [resolved(one) for one in schema.get("anyOf", [])]
    return next((one for one in choices if one.get("type") == "object"), schema)


def unknown(values: Any, schema: Any, where: str = "") -> list[str]:
    """Return each key of the values without a place of its own in the schema."""
    schema = resolved(schema)
    if not isinstance(values, dict):
        return []
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    found = []
    for name, value in values.items():
        inside = known.get(name, more)
        if not isinstance(inside, dict):
            found.append(f"{where}.{name}")
        else:
            found += unknown(value, inside, f"{where}.{name}")
    return found


def test_every_value_is_in_the_schema_and_every_part_of_the_schema_in_the_values() -> None:
    assert unknown(VALUES, SCHEMA) == []
    assert SCHEMA["properties"].keys() - VALUES.keys() == {"global"}
    for name, part in SCHEMA["properties"].items():
        if name not in {"settings", "global"} and "properties" in part:
            assert part["properties"].keys() == VALUES[name].keys(), name


def test_a_setting_may_be_just_what_the_service_itself_takes() -> None:
    own = Settings.model_json_schema()["properties"]
    stated = SCHEMA["properties"]["settings"]["properties"]
    assert stated.keys() == own.keys() - ELSEWHERE
    for name, schema in stated.items():
        wanted = {k: v for k, v in own[name].items() if k not in {"title", "default"}}
        assert {k: v for k, v in schema.items() if k != "pattern"} == wanted, name


@pytest.mark.parametrize(
    ("name", "value"),
    [("public_url", "calendar.example"), ("trusted_proxies", "proxy.example"), ("rate_limit", -1),
     ("known_keys_s", 3601), ("manual_review", "perhaps"), ("log_text", "perhaps")],
)  # fmt: skip
def test_what_would_not_start_is_refused_before_a_pod_reads_it(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({name: value})
    assert not Draft202012Validator(SCHEMA).is_valid({"settings": {name: value}})


def test_a_setting_arrives_as_it_was_written() -> None:
    data = of_kind("model", "ConfigMap")["calendar-assistant"]["data"]
    assert data.pop("CALENDAR_VERSION")
    assert data == {
        "CALENDAR_LLM_URL": "https://model.example/v1",
        "CALENDAR_IMPORT_LIMIT_BYTES": "10485760",
        "CALENDAR_CACHE_TTL_S": "0.5",
        "CALENDAR_LOG_TEXT": "true",
    }
    given = {name.removeprefix("CALENDAR_").lower(): value for name, value in data.items()}
    assert Settings.model_validate(given).import_limit_bytes == 10_485_760


def test_every_value_stands_beside_a_word_of_what_it_means() -> None:
    text = (CHART / "values.yaml").read_text()
    for block in text.split("\n\n"):
        assert "#" in block, block.splitlines()[0]


def test_pods_are_made_anew_when_a_secret_changes_and_not_otherwise() -> None:
    def marks(name: str) -> dict[str, str]:
        template = of_kind(name, "Deployment")["calendar-assistant"]["spec"]["template"]
        found: dict[str, str] = template["metadata"]["annotations"]
        return found

    assert marks("created") != marks("changed")
    assert marks("default") == marks("no-job")
