"""Give a Prometheus in a container a past."""

import dataclasses
from collections.abc import Iterable

from tests.support.container import Server
from tests.support.monitoring import prometheus_spec
from tests.support.starting import Spec

_PATIENT = 3650
_PAST = "/prometheus/past.om"


def keeping_everything(command: Iterable[str]) -> tuple[str, ...]:
    """Return a server's command with no old block thrown away or merged."""
    return (
        *command,
        f"--storage.tsdb.retention.time={_PATIENT}d",
        "--storage.tsdb.min-block-duration=2h",
        "--storage.tsdb.max-block-duration=2h",
    )


def spec_of_the_past() -> Spec:
    """Return a Prometheus that keeps whatever it is given, however old."""
    spec = prometheus_spec({}, interval="1m")
    return dataclasses.replace(spec, command=keeping_everything(spec.command))


def add_block(server: Server, text: str) -> None:
    """Turn one OpenMetrics text of any length into one block, and start the server again.

    promtool reads a text once a block, so that one is the quickest.
    """
    server.write({_PAST: text})
    blocks = ("promtool", "tsdb", "create-blocks-from", "openmetrics", "-q")
    code, told = server.run(*blocks, "--max-block-duration=1536h", _PAST, "/prometheus")
    assert code == 0, told[-2000:]
    server.stop()
    server.start()


def backfill(server: Server, texts: Iterable[str]) -> None:
    """Turn OpenMetrics texts into blocks of the server, and start it again so that it sees them.

    Each text is best two hours long and aligned to them: promtool reads it once a block.
    """
    for number, text in enumerate(texts):  # one by one: a past may be larger than memory
        server.write({f"/tmp/past/{number:04}.om": text})  # noqa: S108 -- in the container
    code, told = server.run(
        "sh",
        "-c",
        "for one in /tmp/past/*.om; do promtool tsdb create-blocks-from openmetrics -q $one "
        "/prometheus || exit 1; done",
    )
    assert code == 0, told[-2000:]
    server.stop()
    server.start()
