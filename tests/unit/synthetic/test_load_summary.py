"""The figures of a run over time."""

import numpy as np

from synthetic.load.samples import SAMPLE, Outcome
from synthetic.load.summary import timeline


def test_a_slice_says_what_was_due_in_it_what_came_in_it_and_how_it_failed() -> None:
    samples = np.zeros(8, SAMPLE)
    samples["due_s"] = (0.1, 0.2, 0.3, 0.4, 1.1, 1.2, 1.3, 1.4)
    samples["status"], samples["expected"] = 200, 1
    samples["latency_s"][:2] = 1.0  # held back until the second slice
    samples["status"][4:6], samples["expected"][4:6] = 503, 0
    samples["status"][6], samples["expected"][6] = 0, 0
    samples["outcome"][6] = Outcome.TIMEOUT
    first, second = timeline(samples, 2.0)
    assert (first["scheduled"], first["finished"], first["answers"]) == (4, 4, 2)
    assert (second["scheduled"], second["finished"], second["answers"]) == (4, 3, 5)
    assert first["failures"] == {}
    assert second["failures"] == {"503": 2, "timeout": 1}
    assert second["failed"] == 3
