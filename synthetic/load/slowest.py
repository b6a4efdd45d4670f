"""The slowest requests of a run, by the names under which the service logged them."""

from typing import Final

import numpy as np

from kit.pure.json_values import JsonObject
from synthetic.load.run_value import LoadRun
from synthetic.load.samples import Outcome
from synthetic.steps.tracing import Named

MOST: Final = 10


def slowest(run: LoadRun) -> list[JsonObject]:
    """Return the ten slowest requests that were sent, the slowest first; times in milliseconds.

    `late_ms` is how much of the latency passed before the generator sent it at all.
    """
    samples = run.finished_samples
    order = np.argsort(-samples["latency_s"], kind="stable")[:MOST]
    found = []
    for sample in samples[order]:
        due_s, named = float(sample["due_s"]), Named(run.token, int(sample["worker"]))
        found.append(
            {
                "route": run.routes[int(sample["route"])],
                "due_s": due_s,
                "latency_ms": float(sample["latency_s"]) * 1000,
                "late_ms": max(float(sample["sent_s"]) - due_s, 0.0) * 1000,
                "status": int(sample["status"]),
                "outcome": Outcome(int(sample["outcome"])).name.lower(),
                "request_id": named.request_id(due_s) if run.token else "",
                "trace_id": named.trace_id(due_s) if run.token else "",
            }
        )
    return found
