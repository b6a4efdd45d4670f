"""Many behaviours of a server, each judged as its objective's query on a real Prometheus."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docker.models.networks import Network

from sre.running import run
from tests.containers.test_load_foreign import asked, metric, slo
from tests.support.behaving import BEHAVIOURS, QUICK_S, Behaviour, behaving_service
from tests.support.container import Server
from tests.support.monitoring import open_job, prometheus_spec
from tests.support.orders_service import PROJECT
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of

pytestmark = [pytest.mark.containers, pytest.mark.thorough]

PER_S, FOR_S = 150, 60
EXPECTED = [200, 204, 302, 304, 404, 413, 429]
BODY = "x" * 100_000
PROFILE = {
    "name": "behaviours",
    "description": "every behaviour, each as often",
    "stages": [{"for_s": FOR_S, "per_s": PER_S}],
    "requests": [
        {"method": one.method, "path": one.path, "expect": EXPECTED}
        | ({"text": BODY} if one.method == "POST" else {})
        for one in BEHAVIOURS
    ],
    "max_lag_p99_ms": 20_000,
    "ready_path": "/live",
    "rule": "observed",
}


def queries(one: Behaviour) -> tuple[str, str]:
    """Return what counts the bad ones, and all, over {{.window}}."""
    where = f'job="orders",handler="{one.path}"'
    if one.is_latency:
        name = "sum(rate(http_request_duration_seconds_%s{%s}[{{.window}}]))"
        total = name % ("count", where)
        within = where + f',le="{QUICK_S}"'
        return f"({total} - {name % ('bucket', within)})", total
    total = f"sum(rate(http_requests_total{{{where}}}[{{{{.window}}}}]))"
    return total.replace(where, f'{where},code=~"5.."'), total


def project_in(folder: Path) -> Path:
    """Write a project with an objective for each behaviour."""
    (folder / "sre.toml").write_text(PROJECT)
    for name in ("slo", "load"):
        (folder / name).mkdir()
    (folder / "load" / "behaviours.yaml").write_text(json.dumps(PROFILE))
    for one in BEHAVIOURS:
        bad, total = queries(one)
        if one.is_latency:
            good = bad.removeprefix(f"({total} - ").removesuffix(")")
            ratio = f"counter: true, {metric('good', good)}, {metric('total', total)}"
        else:
            ratio = f"counter: true, {metric('bad', bad)}, {metric('total', total)}"
        (folder / "slo" / f"{one.name}.yaml").write_text(slo(one.name, ratio, one.target))
    return folder


def test_each_behaviour_gets_the_verdict_that_prometheus_gives(
    tmp_path: Path,
    private_network: Network,
    start_private: Callable[..., Server],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SRE_RUNS_DIR", raising=False)
    project = project_in(tmp_path)
    with behaving_service(gateway_of(private_network.name or "")) as service:
        scrapes = [open_job("orders", service.url.removeprefix("http://"))]
        spec = prometheus_spec({}, scrapes=scrapes)
        prometheus = start_private(spec, private_network, "prometheus")
        wait_for(
            lambda: asked(prometheus, 'up{job="orders"} == 1'), what="the first scrape", within_s=10
        )
        words = ["load", "run", "behaviours", "--project", str(project), "--target", service.url]
        run([*words, "--json"])
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert told["void_reason"] is None
        counted, account = "sum(http_requests_total)", told["account"]
        least, most = account["sent"], account["sent"] + account["retried"]
        wait_for(
            lambda: least <= asked(prometheus, counted).get("", 0.0) <= most,
            what="the last scrape", within_s=10,
        )  # fmt: skip
        time.sleep(1.5)  # what the run ended with is scraped once more
    verdicts = {row["objective"]: row["verdict"] for row in told["rows"]}
    wanted = {}
    for one in BEHAVIOURS:
        bad, total = (text.replace("{{.window}}", "10m") for text in queries(one))
        share = asked(prometheus, f"({bad}) / ({total})").get("", 0.0)  # no series: nothing failed
        wanted[one.name] = "PASS" if 1 - share >= one.target else "FAIL"
    assert set(wanted.values()) == {"PASS", "FAIL"}
    assert verdicts == wanted
