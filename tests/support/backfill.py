"""Give a Prometheus in a container a past."""

from collections.abc import Iterable

from tests.support.container import Server

_PATIENT = 3650


def keeping_everything(command: Iterable[str]) -> tuple[str, ...]:
    """Return a server's command with no old block thrown away or merged."""
    return (
        *command,
        f"--storage.tsdb.retention.time={_PATIENT}d",
        "--storage.tsdb.min-block-duration=2h",
        "--storage.tsdb.max-block-duration=2h",
    )


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
