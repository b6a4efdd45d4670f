"""A password given in any place of a load run is found in no file and in no output of it."""

import subprocess
from pathlib import Path

import pytest

from tests.support.command import sre_here
from tests.support.shop import shop

SECRET = "hunter2-Zq9"
PROFILE = f"""
name: secrets
description: a password in every place
stages: [{{for_s: 1, per_s: 60}}]
max_lag_p99_ms: 60000
rule: observed
feeders: [{{file: people.csv}}]
values:
  from_environment: {{env: SHOP_PASSWORD}}
  listed: ["{SECRET}"]
before:
  - {{method: POST, path: /login, form: {{user: a, password: "{SECRET}"}}, expect: [200, 403]}}
requests:
  - {{path: "/query?token={SECRET}&page=1"}}
  - {{path: "/fed?p={{password}}"}}
  - {{path: "/in/{{from_environment}}", headers: {{X-Api-Key: "{SECRET}"}}}}
  - {{method: POST, path: /json, body: {{password: "{SECRET}", other: "{{listed}}"}}}}
  - {{method: POST, path: /text, text: "{SECRET}", check: [{{path: text, matches: "{SECRET}"}}]}}
  - {{method: POST, path: /form, form: {{password: "{SECRET}"}}}}
"""
OTHER = f"""
from locust import HttpUser, constant, task
class User(HttpUser):
    wait_time = constant(0.02)
    @task
    def ask(self):
        self.client.get("/items", auth=("ann", "{SECRET}"), headers={{"X-Key": "{SECRET}"}})
"""


def told(folder: Path, *words: str, target: str, **environment: str) -> str:
    """Return all that a run says on both of its streams."""
    done: subprocess.CompletedProcess[str] = sre_here(
        words, folder=folder, SRE_TARGET_URL=target, SRE_RUNS_DIR=str(folder / "runs"),
        SHOP_PASSWORD=SECRET, **environment,
    )  # fmt: skip
    return done.stdout + (done.stderr or "")


def artefacts(folder: Path, *inputs: str) -> dict[str, str]:
    """Return the text of every file below a folder but what the test itself has written."""
    return {
        str(path.relative_to(folder)): path.read_text(errors="replace")
        for path in folder.rglob("*")
        if path.is_file() and path.name not in inputs
    }


@pytest.mark.parametrize("how", [(), pytest.param(("--json",), marks=pytest.mark.thorough)])
def test_no_artefact_of_a_run_holds_a_password(tmp_path: Path, how: tuple[str, ...]) -> None:
    (tmp_path / "p.yaml").write_text(PROFILE)
    (tmp_path / "people.csv").write_text(f"user,password\nann,{SECRET}\n")
    (tmp_path / "locustfile.py").write_text(OTHER)
    files = ("--html", "r.html", "--junit", "r.xml", "--markdown", "r.md")
    with shop() as server:
        secret = {"SRE_HEADERS": f"X-Key: {SECRET}", "SRE_API_KEYS": SECRET}
        said = told(tmp_path, "load", "run", "p.yaml", *files, *how, target=server.url, **secret)
        address = server.url.replace("://", f"://ann:{SECRET}@")
        if not how:
            file = ("locustfile.py", "--duration", "1", "--html", "l.html")
            said += told(tmp_path, "load", "run", *file, target=address)
            said += told(tmp_path, "load", "list", target=server.url)
        sent = [str(one) for one in server.asked]
    assert sum(SECRET in one for one in sent) > 60, "it was sent, in every place"
    kept = artefacts(tmp_path, "p.yaml", "people.csv", "locustfile.py")
    assert any(name.startswith("runs/load") for name in kept)
    assert "r.html" in kept
    assert [name for name, text in kept.items() if SECRET in text] == []
    assert SECRET not in said
