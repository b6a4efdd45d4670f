"""Frames between the generator and the one that started it."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from synthetic.edge.load.record_buffer import RecordBuffer
from synthetic.load import wire
from synthetic.load.samples import Outcome, from_bytes


@given(payloads=some.lists(some.binary(max_size=200), max_size=20), size=some.integers(1, 64))
def test_frames_survive_however_the_pipe_chops_them(payloads: list[bytes], size: int) -> None:
    stream = b"".join(wire.frame(wire.SAMPLES, payload) for payload in payloads)
    frames, found = wire.Frames(), []
    for begin in range(0, len(stream), size):
        found += list(frames.feed(stream[begin : begin + size]))
    assert found == [(wire.SAMPLES, payload) for payload in payloads]


def test_a_message_is_one_frame_of_json() -> None:
    ((kind, payload),) = wire.Frames().feed(wire.message({"type": "started", "arrivals": 3}))
    assert kind == wire.MESSAGE
    assert json.loads(payload)["arrivals"] == 3


def test_a_sample_comes_back_as_it_was_put_in() -> None:
    buffer = RecordBuffer(worker=2)
    buffer.add(1.5, 1.75, 0.25, 201, 3, Outcome.ANSWERED, 1)
    buffer.add(2.5, float("nan"), 0.0, 0, 1, Outcome.DROPPED, 0)
    samples = from_bytes(buffer.take())
    assert samples["due_s"].tolist() == [1.5, 2.5]
    assert samples["status"].tolist() == [201, 0]
    assert samples["worker"].tolist() == [2, 2]
    assert np.isnan(samples["sent_s"][1])
    assert buffer.take() == b""
