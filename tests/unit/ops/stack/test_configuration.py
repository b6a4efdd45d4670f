"""What the stack's servers read is what is built, whoever is told of alerts."""

from pathlib import Path

import pytest
import yaml

from alerts.edge.shipped import HOME
from ops.stack.configuration import texts_of
from ops.stack.home import Home
from ops.stack.settings import Settings
from slo.edge.project_file import shipped

WEBHOOK = "http://127.0.0.1:9/told"
RECEIVERS = str(HOME / "routing" / "receivers.yaml")


@pytest.mark.parametrize(
    "settings", [Settings(), Settings(webhook=WEBHOOK), Settings(receivers=RECEIVERS)]
)
def test_alertmanager_gets_its_routes_and_its_message_whoever_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    texts = texts_of(Home(tmp_path), settings, shipped(), {})
    config = yaml.safe_load(texts["alertmanager/alertmanager.yml"])
    assert "alertmanager/templates/calendar.tmpl" in texts
    assert config["templates"] == ["templates/*.tmpl"]
    told = [one for one in config["receivers"] if len(one) > 1]
    assert bool(told) is bool(settings.webhook or settings.receivers)
    assert (WEBHOOK in str(config)) is bool(settings.webhook)
    for name in ("calendar.yaml", "escalation.yaml", "schedules.yaml"):
        assert f"prometheus/rules/{name}" in texts
