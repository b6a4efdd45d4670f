"""The real generator, whose buffer raises from the tenth answer on."""

import os
import sys
from typing import Any

from synthetic.edge.load import generator
from synthetic.edge.load.record_buffer import RecordBuffer

real_add = RecordBuffer.add
seen: list[tuple[Any, ...]] = []


def add(buffer: RecordBuffer, *fields: Any) -> None:
    """Take nine."""
    seen.append(fields)
    if len(seen) > 9:
        raise ValueError("no room for it")
    real_add(buffer, *fields)


if __name__ == "__main__":
    RecordBuffer.add = add  # type: ignore[method-assign,assignment]
    code = generator.main()
    sys.stderr.flush()
    os._exit(code)
