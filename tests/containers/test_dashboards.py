"""Dashboards on the whole product: a Prometheus that reads a service under load, and all around."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.support.container import Server
from tests.support.json_schemas import keeps_schema
from tests.support.observed import Observed, observed
from tests.support.starting import Spec, new_network, start_server
from tests.support.waiting import wait_for

pytestmark = pytest.mark.thorough
LOAD_S = float(os.environ.get("SRE_TEST_LOAD_S", "40"))
EMPTY_WHEN_ALL_IS_WELL = {"What spends it, by route", "Worst routes now"}
SCRAPE = ("--scrape", "1", "--range", str(LOAD_S + 300))


@pytest.fixture(scope="module")
def product(
    image_of_role: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Observed]:
    network = new_network().create()
    started: list[Server] = []

    def start(spec: Spec, network: object) -> Server:
        started.append(start_server(spec, image_of_role(spec.role), network=network))  # type: ignore[arg-type]  # as made above
        return started[-1]

    try:
        with observed(network, start, tmp_path_factory.mktemp("runs")) as everything:
            _use(everything)
            yield everything
    finally:
        for server in reversed(started):
            server.remove()
        network.remove()
        network._docker.client.close()


def _use(product: Observed) -> None:
    """Put the mixed load on it, with a database that stalls for a while, and some ratings."""
    load = threading.Thread(
        target=product.sre,
        args=("load", "run", "mixed", "--duration", str(LOAD_S), "--rate", "12"),
        kwargs={"within_s": LOAD_S + 300},
    )
    load.start()
    try:
        product.rate()
        with pytest.raises(HTTPError, match="422"):
            product.post("/parse", {"text": ""})
        time.sleep(LOAD_S / 3)
        product.mongodb.pause()
        time.sleep(5)
        product.mongodb.unpause()
    finally:
        load.join()


@pytest.mark.long
def test_every_panel_has_data_and_is_drawn(product: Observed, tmp_path: Path) -> None:
    found = json.loads(product.sre("dashboards", "check", *SCRAPE, "--json").stdout)
    assert found["problems"] == []
    assert found["panels"] > 80

    done = product.sre("dashboards", "preview", *SCRAPE, "--out", str(tmp_path), "--json")
    pages = keeps_schema(done.stdout, "dashboards-preview")["pages"]
    assert len(pages) == 7
    for page in pages:
        assert page["broken"] == []
        assert set(page["empty"]) <= EMPTY_WHEN_ALL_IS_WELL, page["dashboard"]
        text = Path(page["path"]).read_text()
        assert text.count("<figure") == page["panels"]
        assert "http://" not in text.replace("http://www.w3.org", "")


def test_a_metric_that_is_gone_is_named_with_its_panels(product: Observed) -> None:
    def gone() -> bool:
        found = json.loads(product.sre("dashboards", "check", *SCRAPE, "--json").stdout)
        missing = [one for one in found["problems"] if one["rule"] == "metric-exists"]
        return [(one["dashboard"], one["panel"], one["target"]) for one in missing] == [
            ("dashboards/generated/calendar-operations.json", "Entries in the cache", "A")
        ]

    with product.without("cache_entries"):
        wait_for(gone, what="the check names the panel of the metric", within_s=90)
        assert product.sre("dashboards", "check", *SCRAPE).returncode == 1
