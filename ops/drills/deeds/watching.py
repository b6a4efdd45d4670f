"""Bad deploys of what watches: Prometheus's scrape configuration and its rules."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

import yaml

from kit.pure.json_values import JsonObject
from ops.drills.acting import sre, timed
from ops.drills.drill import Action
from ops.drills.stack import Stack

_PATIENCE_S: Final = 60.0


def scrape(
    stack: Stack, *, without: str = "", drop: str = "", extra: str = "", whole: bool = False
) -> Iterator[Action]:  # fmt: skip
    """Deploy a scrape configuration with a mistake, or with `whole` the right one.

    `without` leaves out a job, `drop` is a regular expression of series (`name;status;le`) that
    are thrown away, `extra` names a job of which an instance is wanted that is not there.
    """
    path = stack.folder / "prometheus" / "prometheus.yml"
    kept = stack.folder / "prometheus.right.yml"
    if not kept.exists():
        kept.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    config = yaml.safe_load(kept.read_text(encoding="utf-8"))
    jobs = config["scrape_configs"]
    if not whole:
        config["scrape_configs"] = [_mistaken(job, drop, extra) for job in jobs
                                    if job["job_name"] != without]  # fmt: skip

    def deploy() -> None:
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        reload = Request(f"{stack.prometheus_url}/-/reload", method="POST")  # noqa: S310 -- loopback
        with urlopen(reload, timeout=_PATIENCE_S):  # noqa: S310 -- loopback, http
            pass

    yield timed(f"deploy {'the right' if whole else 'a mistaken'} scrape configuration", deploy)


def _mistaken(job: JsonObject, drop: str, extra: str) -> JsonObject:
    made = dict(job)
    if drop:
        rule = {"source_labels": ["__name__", "status", "le"], "regex": drop, "action": "drop"}
        made["metric_relabel_configs"] = [rule]
    if extra == job["job_name"]:
        (first,) = job["static_configs"]
        made["static_configs"] = [{"targets": [*first["targets"], "127.0.0.1:9"]}]
    return made


def deploy_running(stack: Stack) -> Iterator[Action]:
    """Deploy the rules that run, so that there is something to go back to."""
    yield deploy(stack, sorted(stack.rules.glob("*.y*ml")))


def deploy(stack: Stack, files: Sequence[Path]) -> Action:
    """Deploy rule files as an operator would."""
    rules = [word for path in files for word in ("--rules", str(path))]
    return sre(stack, "alerts", "deploy", str(stack.rules), *rules, "--patience", "10")
