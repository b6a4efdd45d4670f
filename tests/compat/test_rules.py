"""A folder of rules as an earlier release deployed it, before a real Prometheus."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.compat import product
from tests.compat.frozen import RELEASES
from tests.support.container import Server
from tests.support.starting import Spec

RULES = "/etc/prometheus/rules"
CONFIG = "/etc/prometheus/prometheus.yml"


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_it_is_compared_and_taken_back_one_deploy(
    release: Path,
    tmp_path: Path,
    start_private: Callable[..., Server],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = Path(shutil.copytree(release / "rules", tmp_path / "rules"))
    tmp_path.chmod(0o755)
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [f"{RULES}/*.yaml"],
        "scrape_configs": [
            {"job_name": "self", "static_configs": [{"targets": ["127.0.0.1:9090"]}]}
        ],
    }
    command = (f"--config.file={CONFIG}", "--storage.tsdb.path=/prometheus")
    server = start_private(
        Spec(
            "prometheus",
            9090,
            (*command, "--web.enable-lifecycle"),
            files={CONFIG: yaml.safe_dump(config)},
            mounts={str(folder): RULES},
        )
    )
    where = [str(folder), "--prometheus", f"http://{server.host}:{server.port}", "--json"]
    # The very set that was deployed then is what runs.
    then = [o for path in sorted(folder.glob("*.yaml")) for o in ("--rules", str(path))]
    assert product.run(["alerts", "diff", *where, *then]) == 0, capsys.readouterr()
    assert json.loads(capsys.readouterr().out)["changed"] == []
    # Today's may differ from it; it is compared rule by rule, not taken for a stranger's.
    assert product.run(["alerts", "diff", *where]) in {0, 1}
    told = json.loads(capsys.readouterr().out)
    assert len(told["added"]) + len(told["removed"]) < 100

    assert product.run(["alerts", "rollback", *where]) == 0, capsys.readouterr()
    entries = (folder / ".sre-alerts" / "history.jsonl").read_text("utf-8").splitlines()
    assert json.loads(entries[-1])["files"] == ["calendar.yaml"]
    assert not (folder / "escalation.yaml").exists()
