"""A locustfile runs as it is: its users, weights, waits, events and shape, with our own record."""

import json
import socket
from pathlib import Path

import pytest

from tests.support.command import sre_here
from tests.support.json_schemas import keeps_schema
from tests.support.sampling import quick
from tests.support.shop import Shop, shop

LOCUSTFILE = '''
"""As somebody wrote it for Locust."""
from locust import HttpUser, LoadTestShape, TaskSet, between, events, task
from neighbours import PATH

heard = []


@events.test_start.add_listener
def begin(environment, **kwargs):
    heard.append("start")


@events.request.add_listener
def each(request_type, name, response_time, exception, **kwargs):
    heard.append(name)


@events.test_stop.add_listener
def end(environment, **kwargs):
    with open("heard.txt", "w") as out:
        out.write("\\n".join(heard))


@events.quitting.add_listener
def leave(environment, **kwargs):
    environment.process_exit_code = 3


@events.quit.add_listener
def left(exit_code, **kwargs):
    with open("left.txt", "w") as out:
        out.write(str(exit_code))


class Browsing(TaskSet):
    @task(5)
    def look(self):
        self.client.get(PATH, name="/stock/[id]")

    @task(1)
    def lies(self):
        with self.client.get("/lies", catch_response=True) as answer:
            if "error" in answer.json():
                answer.failure("a lie")


class Buyer(HttpUser):
    wait_time = between(0.005, 0.02)
    tasks = [Browsing]

    def on_start(self):
        self.client.post("/login", data={"user": "a", "password": "hunter2"})


class Steps(LoadTestShape):
    def tick(self):
        seconds = self.get_run_time()
        if seconds < 1:
            return 2, 10
        return (5, 10) if seconds < 2.5 else None
'''


def run(folder: Path, target: Shop, *words: str) -> tuple[int, str, str]:
    done = sre_here(
        ("load", "run", "locustfile.py", *words), folder=folder, SRE_TARGET_URL=target.url,
        SRE_RUNS_DIR=str(folder / "runs"),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.thorough
def test_a_locustfile_with_weights_waits_events_and_a_shape_runs_unchanged(tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text(LOCUSTFILE)
    (tmp_path / "neighbours.py").write_text('PATH = "/stock/7"\n')
    with shop() as server:
        code, out, said = run(tmp_path, server, "--html", "r.html", "--json")
        asked = [path for _, path, _, _ in server.asked]
    record = keeps_schema(out, "load-run")
    assert code in {0, 1, 5}, said
    assert "your own" in said
    assert record["config"]["profile"]["model"] == "closed"
    assert record["status"] == "whole"
    routes = {name: one["requests"] for name, one in record["routes"].items()}
    assert set(routes) == {"POST /login", "GET /stock/[id]", "GET /lies"}
    assert routes["POST /login"] == 5, "each user of the shape's last step begins once"
    assert routes["GET /stock/[id]"] == asked.count("/stock/7"), "every request, exactly"
    assert routes["GET /stock/[id]"] > 2 * routes["GET /lies"] > 0
    assert record["routes"]["GET /lies"]["failed"] == routes["GET /lies"]
    assert 2 < record["config"]["duration_s"] < 20, "the shape ended it"
    assert (tmp_path / "r.html").is_file()
    heard = (tmp_path / "heard.txt").read_text().splitlines()
    assert heard[0] == "start"
    assert len(heard) == sum(routes.values()) + 1
    assert (tmp_path / "left.txt").read_text() == "3", "the events of the end came, too"


GUARDED = """
from locust import FastHttpUser, HttpUser, constant, task
class One(HttpUser):
    wait_time = constant(0.1)
    @task
    def ask(self):
        self.client.get("/one")
class Other(FastHttpUser):
    wait_time = constant(0.1)
    @task
    def ask(self):
        self.client.get("/other")
"""


def test_the_credentials_of_the_target_go_with_each_request_of_a_locustfile(tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text(GUARDED)
    with shop() as server:
        url = server.url.replace("://", "://ann:hunter2@")
        run(tmp_path, server, "--duration", "1", "--target", url)
        sent = {(path, h.get("authorization")) for _, path, h, _ in server.asked}
    assert {("/one", "Basic YW5uOmh1bnRlcjI="), ("/other", "Basic YW5uOmh1bnRlcjI=")} <= sent
    assert ("/one", None) not in sent


@pytest.mark.thorough
def test_the_pages_of_locust_are_served_beside_a_run_or_the_port_is_named(tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text(WATCHED)
    with shop() as server:
        run(tmp_path, server, "--duration", "3", "--web")
    said = (tmp_path / "pages.txt").read_text()
    assert "<!doctype html>" in said
    assert '"state": "running"' in said
    assert "mine" in said
    with socket.create_server(("127.0.0.1", 8089)), shop() as server:
        code, _, complaint = run(tmp_path, server, "--duration", "1", "--web")
    assert (code, "cannot serve Locust's pages on port 8089" in complaint) == (3, True)


WATCHED = """
from urllib.request import urlopen
from locust import HttpUser, constant, events, task
@events.init.add_listener
def begin(web_ui, **kwargs):
    web_ui.app.route("/mine")(lambda: "mine")
class Watcher(HttpUser):
    fixed_count, wait_time = 1, constant(0.5)
    @task
    def look(self):
        said = [urlopen(f"http://127.0.0.1:8089{path}").read().decode()
                for path in ("/", "/stats/requests", "/mine")]
        with open("pages.txt", "w") as out:
            out.write("".join(said))
        self.client.get("/one")
"""


@pytest.mark.parametrize(
    ("text", "said"),
    quick(
        [
            (
                "import locust\n\nraise RuntimeError('not today')\n",
                "RuntimeError: not today (line 3)",
            ),
            ("x = (\n", "SyntaxError"),
            ("import locust\n", "it has no user class"),
            ("import no_such_module_here\n", "ModuleNotFoundError"),
        ],
        first=1,
    ),
)
def test_a_locustfile_that_cannot_be_loaded_is_bad_input_and_says_where(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "locustfile.py").write_text(text)
    with shop() as server:
        code, _, complaint = run(tmp_path, server)
    assert code == 2
    assert said in complaint
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").rglob("*.json"))


def test_what_is_no_locustfile_is_named_and_a_rate_is_refused(tmp_path: Path) -> None:
    with shop() as server:
        code, _, complaint = run(tmp_path, server)
        assert (code, "there is no such file" in complaint) == (2, True)
        code, _, complaint = run(tmp_path, server, "--rate", "5")
        assert (code, "has users and no rate" in complaint) == (2, True)


DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Library", "version": "1"},
    "paths": {
        "/books": {
            "get": {
                "parameters": [
                    {"in": "query", "name": "page", "required": True, "schema": {"type": "integer"}}
                ],
                "responses": {"200": {"description": "some"}},
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "required": ["title"],
                    "properties": {"title": {"type": "string"}},
                }}}},
                "responses": {"201": {"description": "made", "content": {"application/json": {
                    "schema": {"type": "object", "properties": {"id": {"type": "string"}}}
                }}}},
            },
        },
        "/books/{bookId}": {
            "parameters": [
                {"in": "path", "name": "bookId", "required": True, "schema": {"type": "string"}}
            ],
            "get": {"responses": {"200": {"description": "one"}}},
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/books/{bookId}/pages": {
            "parameters": [
                {"in": "path", "name": "bookId", "required": True, "schema": {"type": "string"}}
            ],
            "get": {"responses": {"200": {"description": "its pages"}}},
        },
        "/lamps/{n}": {
            "parameters": [
                {"in": "path", "name": "n", "required": True, "schema": {"type": "integer"}},
                {"in": "header", "name": "X-Room", "required": True, "schema": {"type": "string"}},
            ],
            "get": {"responses": {"200": {"description": "a lamp"}}},
        },
        "/shelves/{row}": {
            "get": {
                "parameters": [
                    {"in": "path", "name": "row", "required": True, "example": 7,
                     "schema": {"type": "integer"}}
                ],
                "responses": {"200": {"description": "a shelf"}},
            },
        },
    },
}  # fmt: skip


@pytest.mark.thorough
def test_the_document_of_a_foreign_service_gives_a_profile_that_runs(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    words = ("load", "import", "openapi.json")
    told = keeps_schema(sre_here((*words, "--json"), folder=tmp_path).stdout, "load-import")
    assert told["left_out"] == [
        "POST /books: it changes things", "DELETE /books/{bookId}: it changes things"
    ]  # fmt: skip
    made = sre_here((*words, "--writes", "--output", "books.yaml", "--json"), folder=tmp_path)
    text = json.loads(made.stdout)["profile"]
    assert (tmp_path / "books.yaml").read_text() == text
    for part in (
        "/books/{books_id}",
        "/books/{books_id}/pages",
        "/shelves/{row}",
        "books_id: $['id']",
        "clean:",
    ):
        assert part in text
    with shop() as server:
        done = sre_here(
            ("load", "run", "books.yaml", "--duration", "2", "--rate", "60", "--json"),
            folder=tmp_path, SRE_TARGET_URL=server.url, SRE_RUNS_DIR=str(tmp_path / "runs"),
        )  # fmt: skip
        asked = {path for _, path, _, _ in server.asked}
        rooms = {h.get("x-room") for _, path, h, _ in server.asked if path == "/lamps/1"}
    record = json.loads(done.stdout)
    assert record["status"] == "whole", done.stderr
    assert {"/books?page=1", "/shelves/7"} <= asked
    assert record["routes"]["GET /shelves/{row}"]["failed"] == 0
    assert rooms == {"example"}
