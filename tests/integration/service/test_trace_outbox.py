"""Kept traces reach a collector or a file, whatever either does, and nobody waits for it."""

import asyncio
import base64
import contextlib
import json
import os
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from service.observe.collector import Collector
from service.observe.conventions import Ended, masked, spans_of
from service.observe.current import Piece, Trace
from service.observe.exemplars import Exemplars
from service.observe.otlp_json import line_of
from service.observe.outbox import Outbox, resource_of
from service.observe.traces_log import TracesLog
from tests.support.otlp_receiver import Receiver, attributes_of, receiver
from traces.otlp import spans_in

RESOURCE = resource_of("api", "2.4.0", "abc")


def ended(number: int = 1, *, status: int = 200, pieces: int = 1) -> Ended:
    trace = Trace.of(f"req-{number}", f"{number:032x}{number:016x}")
    for _ in range(pieces):
        place = trace.next_number()
        trace.note(Piece(place, 0, "mongodb", "find", 0.01, 0.02, "", ("events", "db", "27017")))
    trace.caller, trace.state = "00000000000000ab", "vendor=1"
    return Ended(trace, "GET", "/events", status, 0.0, 0.05, 1_700_000_000.25, "slow")


@pytest.fixture
def collector() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def outbox(
    url: str, folder: Path | None, lost: Counter[str], *, most_spans: int = 20_000
) -> Outbox:
    return Outbox(
        RESOURCE,
        collector=Collector(url, {"x-key": "k"}, RESOURCE) if url else None,
        file=TracesLog(folder) if folder else None,
        on_drop=lambda reason, count: lost.update({reason: count}),
        most_spans=most_spans,
    )


def lines_in(folder: Path) -> list[bytes]:
    path = folder / "traces.log"
    return path.read_bytes().splitlines() if path.exists() else []


def test_the_official_exporter_and_the_file_say_the_same(
    tmp_path: Path, collector: Receiver
) -> None:
    assert outbox(collector.url, None, Counter()).deliver([ended(status=503)]) == []
    assert outbox("", tmp_path, Counter()).deliver([ended(status=503)]) == []
    (line,) = lines_in(tmp_path)
    assert collector.headers[0]["x-key"] == "k"
    sent = [MessageView(span) for span in collector.spans()]
    read = [MessageView(span) for span in spans_of_proto(line)]
    assert [view.values for view in sent] == [view.values for view in read]
    root, find = collector.spans()
    assert (root.kind, find.kind) == (2, 3)
    assert (root.status.code, find.status.code) == (2, 0)
    assert root.parent_span_id.hex() == "00000000000000ab"
    assert find.parent_span_id == root.span_id
    assert root.trace_state == "vendor=1"
    assert attributes_of(find) == {
        "db.system.name": "mongodb", "db.operation.name": "find", "db.collection.name": "events",
        "server.address": "db", "server.port": 27017,
    }  # fmt: skip
    assert len(spans_in(line)) == 2


class MessageView:
    """What two encodings of a span must agree on."""

    def __init__(self, span: object) -> None:
        fields = json_format.MessageToDict(span)
        fields.pop("flags", None)  # the exporter adds what the parent's flags were
        fields.setdefault("status", {})
        fields["attributes"].sort(key=lambda pair: pair["key"])
        self.values = fields


def spans_of_proto(line: bytes) -> list[object]:
    """Read a line with the official messages; their own JSON has ids in base64."""
    document = json.loads(line)
    for span in document["resourceSpans"][0]["scopeSpans"][0]["spans"]:
        for name in ("traceId", "spanId", "parentSpanId"):
            if name in span:
                span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    message = json_format.ParseDict(document, ExportTraceServiceRequest())
    return [*message.resource_spans[0].scope_spans[0].spans]


@pytest.mark.parametrize("status", [400, 503])
def test_what_a_collector_refuses_goes_into_the_file(
    tmp_path: Path, collector: Receiver, status: int
) -> None:
    collector.status = status
    assert outbox(collector.url, tmp_path, Counter()).deliver([ended(1), ended(2)]) == []
    assert len(lines_in(tmp_path)) == 2


def test_where_nobody_listens_and_no_folder_is_the_loss_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}/v1/traces"
    assert outbox(url, None, Counter()).deliver([ended(1), ended(2)]) == [("export", 2)]


def test_an_answer_that_is_rubbish_harms_nobody(tmp_path: Path, collector: Receiver) -> None:
    collector.answer = b"<html>\xff\x00 not a protobuf"
    assert outbox(collector.url, tmp_path, Counter()).deliver([ended()]) == []


def test_a_server_that_hangs_up_in_the_middle_of_its_head_is_one_that_did_not_take_them(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude, ThreadPoolExecutor(1) as pool:
        rude.settimeout(0.05)
        url = f"http://127.0.0.1:{rude.getsockname()[1]}/v1/traces"
        delivered = pool.submit(outbox(url, tmp_path, Counter()).deliver, [ended()])
        while not delivered.done():
            with contextlib.suppress(TimeoutError), rude.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 \xff\xfe")
    assert delivered.result() == []
    assert len(lines_in(tmp_path)) == 1


async def test_while_a_collector_hangs_requests_go_on_and_what_waits_is_bounded(
    tmp_path: Path, collector: Receiver
) -> None:
    collector.released.clear()
    lost: Counter[str] = Counter()
    box = outbox(collector.url, tmp_path, lost, most_spans=500)
    box.put(ended())
    flushing = asyncio.create_task(box.flush())
    assert await asyncio.to_thread(collector.asked.wait, 60)
    taken = sum(box.put(ended(number, pieces=9)) for number in range(1000))
    assert taken == 50
    assert lost == {"queue": 950}
    collector.released.set()
    await flushing
    await box.flush()
    assert len({span.trace_id for span in collector.spans()}) == 50
    await box.stop()


async def test_what_waits_behind_a_collector_that_hangs_is_written_when_the_service_stops(
    tmp_path: Path, collector: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.observe.outbox.TIMEOUT_S", 0.05)
    collector.released.clear()
    box = outbox(collector.url, tmp_path, Counter())
    box.put(ended())
    box.start()
    assert await asyncio.to_thread(collector.asked.wait, 60)
    for number in range(2, 5):
        box.put(ended(number))
    await box.stop()
    written = [spans_in(line)[0].trace_id[-1] for line in lines_in(tmp_path)]
    assert written == ["2", "3", "4"]
    collector.released.set()


def test_a_full_disk_loses_whole_traces_and_says_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = outbox("", tmp_path, Counter())
    assert box.deliver([ended(1)]) == []
    written = os.write

    def half(handle: int, data: bytes) -> int:
        if len(data) > 300:
            return written(handle, bytes(data)[:300])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    assert box.deliver([ended(2), ended(3)]) == [("write", 2)]
    monkeypatch.undo()
    assert box.deliver([ended(4)]) == []
    assert [spans_in(line)[0].trace_id[-1] for line in lines_in(tmp_path)] == ["1", "4"]


def test_the_file_is_rotated_and_the_oldest_goes(tmp_path: Path) -> None:
    log = TracesLog(tmp_path, most_bytes=1000)
    for number in range(40):
        log.append(b"%03d" % number * 100 + b"\n")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name for name in names if name != "traces.log"] == [
        f"traces.log.{number}" for number in range(1, 5)
    ]
    assert max(path.read_bytes()[-4:] for path in tmp_path.iterdir()) == b"039\n"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 5 * 1300


def test_what_looks_like_a_secret_is_masked() -> None:
    key = f"cal_{'a' * 16}_{'b' * 43}"
    said = masked(
        {
            "server.address": "mongodb://user:pa%2Fss@db.example/x",
            "peer": "redis://:p@ss@cache:6379/0",
            "error.type": f"key {key}",
            "note": "Authorization: Bearer abc.def, password=hunter2; api_key: 77 ok",
            "list": ("token=1", "fine"),
            "number": 5,
        }
    )
    assert said == {
        "server.address": "mongodb://***@db.example/x",
        "peer": "redis://***@cache:6379/0",
        "error.type": "key ***",
        "note": "Authorization: ***, ***; *** ok",
        "list": ("***", "fine"),
        "number": 5,
    }


def test_an_exemplar_of_another_worker_is_shown_and_the_latest_wins(tmp_path: Path) -> None:
    series = [("x", "1"), ("x", "2"), ("x", "3")]
    ours, theirs = Exemplars(series, tmp_path), f"{7:032x}{8:016x}"
    child = os.fork()
    if not child:
        try:
            other = Exemplars(series, tmp_path)
            other.set(("x", "1"), theirs, 0.5, 100.0)
            other.set(("x", "2"), theirs, 0.5, 300.0)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    ours.set(("x", "2"), f"{1:032x}{2:016x}", 0.25, 200.0)
    ours.set(("unforeseen", "2"), f"{1:032x}{2:016x}", 0.25, 200.0)
    for reader in (ours, Exemplars(series, tmp_path)):  # who starts next folds what is left
        latest = reader.latest()
        assert {name: one.at for name, one in latest.items()} == {
            ("x", "1"): 100.0, ("x", "2"): 300.0,
        }  # fmt: skip
        assert latest["x", "2"].trace_id + latest["x", "2"].span_id == theirs


def test_an_exemplar_that_is_half_written_is_not_shown(tmp_path: Path) -> None:
    exemplars = Exemplars([("x",)], tmp_path)
    exemplars.set(("x",), f"{7:032x}{8:016x}", 0.5, 100.0)
    exemplars._own[3] ^= 0xFF
    assert exemplars.latest() == {}


def test_a_line_has_no_personal_text(tmp_path: Path) -> None:
    outbox("", tmp_path, Counter()).deliver([ended()])
    attributes = spans_in(lines_in(tmp_path)[0])[0].attributes
    assert set(attributes) == {
        "sre.kept", "http.request.method", "http.route", "http.response.status_code",
        "http.response.header.x-request-id",
    }  # fmt: skip
    assert line_of(RESOURCE, spans_of(ended())).count(b"\n") == 1
