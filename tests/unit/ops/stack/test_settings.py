"""Settings of a stack: what is wrong is named, with what may stand there."""

from pathlib import Path

import pytest

from kit.edge.containers.catalog import ROOT
from kit.pure.errors import BadInputError
from ops.stack.settings import Database, Settings, read_settings

HEAD = 'schema = "calendar-sre/stack-settings/v1"\n'


def _written(folder: Path, text: str) -> Path:
    path = folder / "stack.toml"
    path.write_text(HEAD + text)
    return path


def test_without_a_file_every_setting_has_its_default() -> None:
    assert read_settings(None) == Settings()
    assert read_settings(None).mongodb is Database.REPLICA_SET


def test_what_a_file_says_is_taken_and_an_option_goes_before_it(tmp_path: Path) -> None:
    path = _written(
        tmp_path, 'replicas = 5\nmemory = "2g"\nwebhook = "http://a.example/x"\n'
        '[service]\nCALENDAR_MODE = "degraded"\nCALENDAR_CACHE_ENTRIES = 10\n'
    )  # fmt: skip
    found = read_settings(path, webhook="http://b.example/y", mongodb=None)
    assert (found.replicas, found.memory_mb, found.webhook) == (5, 2048, "http://b.example/y")
    assert found.service == (("CALENDAR_CACHE_ENTRIES", "10"), ("CALENDAR_MODE", "degraded"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("replicas = 0", "replicas: 0 is out of range"),
        ("replicas = 16", "replicas: 16 is out of range"),
        ("replicas = 2.5", "replicas: 2.5 is not a whole number"),
        ('memory = "64m"', "memory: '64m' is too little for one replica"),
        ('memory = "lots"', "memory: 'lots' is no amount of memory"),
        ('mongodb = "mysql"', "mongodb: 'mysql' is not known here"),
        ('name = "My Stack"', "name: 'My Stack' is no name for a stack"),
        ("replicsa = 3", "replicsa is not a known field"),
        ("http_port = 9090", "prometheus_port and http_port are both 9090"),
        ('webhook = "pager"', "webhook: 'pager' is no web address"),
        ('webhook = "http://a/"\nreceivers = "r.yaml"', "receivers and webhook both say"),
        ('[service]\nCALENDAR_MODE = "off"', "CALENDAR_MODE='off'"),
        ("[service]\nCALENDAR_MODES = 1", "CALENDAR_MODES is not a known field"),
        ("[service]\nCALENDAR_WORKERS = 2", "CALENDAR_WORKERS: 2 is set by the stack itself"),
        ('[service]\nCALENDAR_LLM_KEY = "s3cret"', "CALENDAR_LLM_KEY is a secret"),
        ("replicas = ", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is_shown(
    tmp_path: Path, text: str, named: str
) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(BadInputError) as found:
        read_settings(path)
    assert named in str(found.value)
    assert str(path) in str(found.value)
    assert found.value.hint
    assert "s3cret" not in f"{found.value} {found.value.hint}"


def test_the_example_says_the_defaults() -> None:
    root = Path(__file__).resolve().parents[4]
    example = (root / "deployment" / "stack.example.toml").read_text()
    bare = [
        line.removeprefix("# ")
        for line in example.splitlines()
        if line.startswith("# ") and " = " in line
    ]
    told = dict(line.split("#", maxsplit=1)[0].split(" = ", maxsplit=1) for line in bare)
    defaults = Settings()
    for name, value in told.items():
        if not name.startswith("CALENDAR_") and name not in {"public_url", "receivers", "webhook"}:
            assert value.strip().strip('"') == str(getattr(defaults, name)), name


def test_the_staging_stack_stands_beside_the_usual_one() -> None:
    staging, usual = read_settings(ROOT / "deployment" / "staging.toml"), Settings()
    assert staging.name != usual.name
    assert not set(staging.ports.values()) & set(usual.ports.values())
