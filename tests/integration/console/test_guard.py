"""Who gets in: hosts, other sites, tokens, and what the endpoints do with anything at all."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.edge import recorded
from console.edge.app import build
from console.edge.running import Place, is_loopback, session_of
from console.edge.session import LASTS_S, Session
from kit.pure.errors import BadInputError
from tests.compat.frozen import RELEASES
from tests.support.console_app import about_of, serving
from tests.support.prometheus_double import double

TOKEN = "sixteen-letters-or-more"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "runs"
    shutil.copytree(RELEASES[0] / "runs", folder)
    return folder


@pytest.fixture(scope="module")
def client(runs: Path) -> Iterator[TestClient]:
    app = build(about_of(runs), names=("console.example.com",))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as found:
        yield found


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8900", 200), ("127.0.0.1", 200), ("[::1]:8900", 200), ("10.1.2.3:80", 200),
        ("console.example.com", 200), ("CONSOLE.example.com.:8900", 200),
        ("evil.example", 421), ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421),
        ("evil.example@localhost", 421), ("localhost:80:80", 421), ("", 421), ("[::1", 421),
        ("localhost evil", 421), ("127.0.0.1:x", 421),
    ],
)  # fmt: skip
def test_only_names_of_the_console_are_answered(client: TestClient, host: str, status: int) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
          "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
          "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
    ],
)  # fmt: skip
def test_another_site_may_link_here_and_nothing_else(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.get("/healthz", headers=headers).status_code == status


def test_every_answer_has_the_policy_without_inline(client: TestClient) -> None:
    for path in ("/", "/nowhere", "/static/console.css", "/runs/load", "/healthz"):
        found = client.get(path).headers
        assert "unsafe" not in found["content-security-policy"]
        assert found["content-security-policy"].startswith("default-src 'none'")
        assert found["x-content-type-options"] == "nosniff"
    refused = client.get("/", headers={"Host": "evil.example"})
    assert "content-security-policy" in refused.headers
    page = client.get("/objectives/availability").text
    assert " style=" not in page
    assert "<style" not in page


def test_no_page_writes_but_logging_in_and_out(runs: Path) -> None:
    app = build(about_of(runs), session=Session(TOKEN))
    writes = {
        (method, path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
        if method != "get"
    }
    assert writes == {("post", "/login"), ("post", "/logout")}


def test_without_the_cookie_there_is_nothing_and_the_token_in_an_address_opens_nothing(
    runs: Path,
) -> None:
    app = build(about_of(runs), session=Session(TOKEN))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as found:
        for path in ("/", "/runs", f"/?token={TOKEN}", "/files/report/x.html"):
            assert found.get(path).headers["location"] == "/login"
        assert found.get("/live", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
        assert found.get(f"/login?token={TOKEN}").cookies == {}
        assert found.post("/login", data={"token": TOKEN + "x"}).status_code == 403
        foreign = {"Origin": "https://evil.example"}
        assert found.post("/login", data={"token": TOKEN}, headers=foreign).status_code == 403
        assert found.post("/login", content=b"x" * 5000).status_code == 413
        opened = found.post("/login", data={"token": TOKEN}, headers={"Origin": "http://localhost"})
        assert (opened.status_code, opened.headers["location"]) == (303, "/")
        assert "HttpOnly" in opened.headers["set-cookie"]
        assert "SameSite=strict" in opened.headers["set-cookie"]
        assert found.get("/healthz").status_code == 200
        assert found.get("/runs").status_code == 200


def test_guessing_is_slowed_down() -> None:
    clock = [1000.0]
    session = Session(TOKEN, clock=lambda: clock[0])
    assert [session.opens("wrong", "a") for _ in range(11)] == [False] * 10 + [None]
    assert session.opens(TOKEN, "a") is None
    assert session.opens(TOKEN, "b") is True
    clock[0] += 61
    assert session.opens(TOKEN, "a") is True


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: cookie + "0",
        lambda cookie: "9" + cookie,
        lambda cookie: cookie.replace(".", ""),
        lambda _: "",
        lambda _: "é.é",
        lambda _: "1" * 400 + ".x",
    ],
)
def test_a_cookie_that_was_changed_opens_nothing(change: object) -> None:
    session = Session(TOKEN, clock=lambda: 1000.0)
    good = session.cookie()
    assert session.holds(f"other=1; sre_console={good}")
    assert not session.holds(f"sre_console={change(good)}")  # type: ignore[operator]


def test_a_cookie_ends_with_its_time_and_with_the_token() -> None:
    clock = [1000.0]
    session = Session(TOKEN, clock=lambda: clock[0])
    header = f"sre_console={session.cookie()}"
    assert not Session(TOKEN + "2", clock=lambda: 1000.0).holds(header)
    clock[0] += LASTS_S + 1
    assert not session.holds(header)


def test_elsewhere_than_on_loopback_there_is_always_a_token() -> None:
    assert [is_loopback(h) for h in ("127.0.0.1", "::1", "localhost", "127.9.9.9")] == [True] * 4
    assert [is_loopback(h) for h in ("0.0.0.0", "::", "10.0.0.1", "example.com")] == [False] * 4
    assert session_of(Place("127.0.0.1", 0)) is None
    made = session_of(Place("0.0.0.0", 0))
    assert made is not None
    assert len(made.token) >= 24
    with pytest.raises(BadInputError, match="could be guessed"):
        session_of(Place("127.0.0.1", 0, token="short"))


@pytest.mark.thorough
def test_two_thousand_runs_with_a_broken_one_cost_a_page_its_own_records_only(
    runs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "load"
    folder.mkdir()
    newest = max((runs / "load").glob("*.json")).read_text()
    for number in range(2000):
        name = f"20261101T{number:06}-smoke"
        text = newest.replace(json.loads(newest)["id"], name)
        (folder / f"{name}.json").write_text("{" if number == 1999 else text)
    with TestClient(build(about_of(tmp_path)), base_url="http://localhost") as found:
        page = found.get("/runs/load").text
        assert "Page 1 of 80" in page
        assert "20261101T001999-smoke.json" in page
        assert page.count("<tr>") == 1 + 24
        assert "not a record" in page
        assert len(page) < 200_000
        assert "20261101T000000-smoke" in found.get("/runs/load?page=80").text
        assert found.get("/runs/load?page=81").status_code == 200


def test_a_page_of_many_golden_runs_stays_within_200_kb(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [
        {
            "id": f"20261130T0000{number:02}-golden",
            "started_at": "2026-11-30T00:00:00Z",
            "slices": {f"expression:{n}": {"ratio": (n + number) % 20 / 20} for n in range(60)},
            "results": [{"id": f"case-{n}", "right": (n + number) % 7 != 0} for n in range(2_000)],
        }
        for number in range(20)
    ]
    monkeypatch.setattr(recorded, "golden_history", lambda _about: (tuple(made), ()))
    with TestClient(build(about_of(runs), wait_s=60), base_url="http://localhost") as found:
        page = found.get("/runs/golden/history").text
    assert "right in 17 of 20, at last right" in page
    assert "1,850 cases more" in page or "1850 cases more" in page
    assert len(page) < 200_000


@pytest.mark.thorough
def test_schemathesis_finds_no_server_error(runs: Path, tmp_path: Path) -> None:
    session = Session(TOKEN)
    command = [str(Path(sys.executable).parent / "schemathesis"), "run"]
    with double() as servers:
        servers.alerts = [{"labels": {"alertname": "Odd"}}, {"labels": 3}, None, "x"]
        about = about_of(
            runs, prometheus=servers.url, alertmanager=servers.url, logs=tmp_path, backups=runs
        )
        schema = build(about, session=session).openapi()
        (tmp_path / "openapi.json").write_text(json.dumps(schema))
        with serving(about, token=TOKEN) as url:
            told = subprocess.run(
                [*command, str(tmp_path / "openapi.json"), "--url", url, "--checks",
                 "not_a_server_error", "--max-examples", "40", "--header",
                 f"Cookie: sre_console={session.cookie()}", "--phases",
                 "examples,coverage,fuzzing"],
                cwd=tmp_path, capture_output=True, text=True, check=False,
            )  # fmt: skip
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-500:]
    assert "Traceback" not in told.stdout
    assert any("objectives" in path for path in schema["paths"])
    assert servers.asked  # the pages were reached, not the login
