"""What the stack's servers read is what is built, whoever is told of alerts."""

from pathlib import Path

import pytest
import yaml

from alerts.edge.shipped import HOME
from ops.stack import checked_config
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


def test_what_was_written_is_read_by_the_next_start_where_one_was_stopped_before_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked_config, "_accepted", lambda *_: None)
    home, images = Home(tmp_path), dict.fromkeys(("proxy", "prometheus", "alertmanager"), "x")

    def placed(rules: str, certificate: str) -> list[str]:
        texts = {"prometheus/rules/calendar.yaml": rules, "proxy/haproxy.cfg": "frontend web"}
        return checked_config.place(home, texts, certificate, images, {})

    assert placed("old", "old") == ["prometheus", "proxy"]
    home.forget_unread()  # as a start does that got to its end
    assert placed("old", "old") == []
    assert placed("new", "old") == ["prometheus"]
    assert placed("new", "new") == ["prometheus", "proxy"]
    assert placed("new", "new") == ["prometheus", "proxy"]
    home.forget_unread()
    assert placed("new", "new") == []
