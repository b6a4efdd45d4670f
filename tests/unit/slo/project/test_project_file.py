"""The project file: what it binds, what it refuses, and where it is found."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kit.pure.errors import BadInputError
from slo.edge.project_file import SCHEMA_FILE, SHIPPED, find_project, load_project
from slo.project.project import BoardNames

ORDERS = """
schema = "sre.project/v1"

[service]
name = "orders"
job = "shop-orders"
target = "http://127.0.0.1:8080/"
uncounted = ["/live.json", "/metrics"]
labels = { team = "shop" }

[paths]
objectives = "objectives"
metrics = "metrics.yaml"

[metrics.requests]
counter = "orders_http_total"
route = "handler"
status = "code"
failed = "5..|408"

[metrics.latency]
histogram = "orders_duration_milliseconds"
route = "handler"
unit = "ms"

[[metrics.dependency]]
name = "ledger"
up = 'pg_up{database="ledger"}'
"""
METRICS = """
schema: sre.metrics/v1
metrics:
  - {name: orders_http_total, type: counter, labels: {handler: , code: }}
  - {name: orders_duration_milliseconds, type: histogram, labels: {handler: }}
  - {name: pg_up, type: gauge, labels: {database: [ledger, stock]}}
"""


def written(folder: Path, text: str = ORDERS, metrics: str | None = METRICS) -> Path:
    path = folder / "sre.toml"
    path.write_text(text)
    if metrics is not None:
        (folder / "metrics.yaml").write_text(metrics)
    return path


def test_a_project_binds_roles_to_what_the_service_calls_them(tmp_path: Path) -> None:
    project = load_project(written(tmp_path))
    assert (project.name, project.title, project.job) == ("orders", "Orders", "shop-orders")
    assert project.places.target == "http://127.0.0.1:8080"
    assert project.labels == (("team", "shop"),)
    assert project.paths.objectives == f"{tmp_path}/objectives"
    assert project.paths.profiles == f"{tmp_path}/load"
    requests, latency = project.roles.requests, project.roles.latency
    assert requests is not None
    assert latency is not None
    assert (requests.counter, requests.status, requests.failed) == (
        "orders_http_total",
        "code",
        "5..|408",
    )
    assert (latency.histogram, latency.second) == ("orders_duration_milliseconds", 1000.0)


def test_a_role_that_nothing_plays_is_named(tmp_path: Path) -> None:
    project = load_project(written(tmp_path))
    assert project.roles.unbound() == (
        "in_progress",
        "version",
        "started",
        "cache",
        "accuracy",
        "prober",
        "saturation",
    )


def test_what_our_prober_shows_needs_no_line_in_the_catalogue(tmp_path: Path) -> None:
    text = ORDERS.replace("[metrics.latency]", '[metrics.prober]\njob = "walks"\n[metrics.latency]')
    project = load_project(written(tmp_path, text))
    assert project.roles.prober is not None
    assert project.roles.prober.walked == 'probe_success{job="walks"}'
    shown = project.series()
    assert shown is not None
    assert shown["probe_success"].jobs == {"walks"}


def test_what_no_user_asks_for_is_matched_away_letter_by_letter(tmp_path: Path) -> None:
    project = load_project(written(tmp_path))
    assert project.users("handler") == r'job="shop-orders",handler!~"/live\\.json|/metrics"'
    assert project.users(None) == 'job="shop-orders"'


def test_dashboards_are_called_after_the_service_unless_the_file_says_otherwise(
    tmp_path: Path,
) -> None:
    names = load_project(written(tmp_path)).boards
    assert names == BoardNames("orders", "Orders", "orders", "orders", "load-run-orders")

    text = ORDERS.replace("[service]", '[service]\nprefix = "shop"')
    more = '\n[dashboards]\ntitle = "The shop"\nfolder = "teams"\n'
    names = load_project(written(tmp_path, text + more)).boards
    assert (names.title, names.folder, names.tag) == ("The shop", "teams", "orders")
    assert names.uid_of_objective("fast") == "shop-slo-fast"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "orders"\n', 'name = "Orders!"\n', "service.name: 'Orders!' is not a name"),
        ('schema = "sre.project/v1"', 'schema = "sre.project/v9"', "schema: 'sre.project/v9' is"),
        (
            'status = "code"',
            'status = "status"',
            "metrics.requests.status: 'status' is no label of orders_http_total",
        ),
        ('"orders_http_total"', '"orders_htp_total"', "is not in the catalogue of metrics"),
        ("[metrics.latency]", "[metrics.latency", "is not TOML"),
        ("'pg_up{database", "'pg_up{db", "metrics.dependency[0].up"),
        ("'pg_up{database=\"ledger\"}'", "'sum(pg_up)'", "is not one plain selector"),
        ('objectives = "objectives"', 'objectives = "../other"', "leads out of the project"),
        ('objectives = "objectives"', 'objectives = "/etc"', "leads out of the project"),
        ('unit = "ms"', 'unit = "min"', "metrics.latency.unit"),
        ('failed = "5..|408"', 'failed = "5..("', "is no regular expression"),
        ("[metrics.latency]", "[metrics.latencies]", "did you mean 'latency'"),
        ('"http://127.0.0.1:8080/"', '"http://me:hunter@host:1/"', "holds credentials"),
        ('{ team = "shop" }', '{ severity = "none" }', "cannot be a label of rules"),
        ('job = "shop-orders"\n', "", "service.job is missing"),
        ('job = "shop-orders"', "job = 'a\"b'", "service.job: 'a\"b' cannot stand in a query"),
        ("[metrics.latency]", "[metrics.prober]\n[metrics.latency]", "prober.job is missing"),
        (
            "[paths]",
            '[dashboards]\ntag = "a tag"\n[paths]',
            "tag: 'a tag' is not a name",
        ),
        ("[paths]", "[dashboards]\ntags = 'a'\n[paths]", "did you mean 'tag'"),
    ],
)
def test_a_mistake_is_named_with_its_field_and_a_fix(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in ORDERS
    with pytest.raises(BadInputError) as caught:
        load_project(written(tmp_path, ORDERS.replace(old, new)))
    message = f"{caught.value} {caught.value.hint}"
    assert said in message
    assert "sre.toml" in message
    assert caught.value.hint
    assert "hunter" not in message


def test_a_catalogue_that_is_not_there_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"metrics\.yaml"):
        load_project(written(tmp_path, metrics=None))
    twice = METRICS + "  - {name: pg_up, type: gauge}\n"
    with pytest.raises(BadInputError, match="stands twice"):
        load_project(written(tmp_path, metrics=twice))


def test_without_a_catalogue_any_name_is_taken(tmp_path: Path) -> None:
    text = ORDERS.replace('metrics = "metrics.yaml"\n', "").replace("orders_http", "else")
    assert load_project(written(tmp_path, text, None)).catalogue is None


def test_the_option_goes_before_the_variable_and_that_before_the_file_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / name for name in ("given", "variable", "above")]
    given, variable, above = (folder / "sre.toml" for folder in folders)
    for path in (given, variable, above):
        path.parent.mkdir()
        path.write_text(ORDERS)
    below = above.parent / "deep" / "down"
    below.mkdir(parents=True)
    monkeypatch.setenv("SRE_PROJECT", str(variable.parent))
    assert find_project(given, start=below) == given
    assert find_project(None, start=below) == variable
    monkeypatch.delenv("SRE_PROJECT")
    assert find_project(None, start=below) == above
    assert find_project(None, start=tmp_path) == SHIPPED


def test_a_project_that_was_asked_for_and_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInputError, match=r"--project .*nowhere"):
        find_project(tmp_path / "nowhere")
    monkeypatch.setenv("SRE_PROJECT", str(tmp_path / "gone.toml"))
    with pytest.raises(BadInputError, match=r"SRE_PROJECT .*gone\.toml"):
        find_project()


def test_our_own_project_binds_every_role() -> None:
    assert load_project(SHIPPED).roles.unbound() == ()


SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)


def test_the_published_schema_is_one_and_takes_our_own_project_and_another() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for text in (SHIPPED.read_text(encoding="utf-8"), ORDERS):
        assert list(VALID.iter_errors(tomllib.loads(text))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('job = "shop-orders"\n', ""),
        ('job = "shop-orders"', "job = 'a\"b'"),
        ("[metrics.latency]", "[metrics.latencies]"),
        ('name = "orders"', 'name = "Orders!"'),
        ('objectives = "objectives"', 'objectives = "a/../../b"'),
        ('unit = "ms"', 'unit = "h"'),
        ('status = "code"\n', ""),
        ("127.0.0.1:8080/", "me:pw@127.0.0.1:8080/"),
        ('{ team = "shop" }', '{ alertname = "x" }'),
        ("orders_duration_milliseconds", "orders_duration_milliseconds_bucket"),
        ('schema = "sre.project/v1"', 'schema = "sre.project/v2"'),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, old: str, new: str) -> None:
    text = ORDERS.replace(old, new, 1)
    assert text != ORDERS
    assert list(VALID.iter_errors(tomllib.loads(text))) != []
    with pytest.raises(BadInputError):
        load_project(written(tmp_path, text))


@pytest.mark.parametrize("given", ["sre.toml", "."])
def test_a_message_names_a_file_that_is_there_however_the_project_is_named(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "metrics.yaml").write_text("schema: sre.metrics/v1\nmetrics: []\n")
    (tmp_path / "sre.toml").write_text(
        'schema = "sre.project/v1"\n[service]\nname = "shop"\njob = "shop"\n'
        '[paths]\nmetrics = "metrics.yaml"\n'
    )
    monkeypatch.chdir(tmp_path)
    assert Path(load_project(Path(given)).metrics_file).is_file()


def test_a_project_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = 'schema = "sre.project/v1"\n[service]\nname = "shop"\njob = "shop"\n'
    (tmp_path / "sre.toml").write_text(text, encoding="utf-8-sig")
    assert load_project(tmp_path).name == "shop"
