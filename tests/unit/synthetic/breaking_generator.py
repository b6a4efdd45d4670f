"""The real generator, whose buffer raises from the tenth answer on."""

import os
import sys
from typing import Any

from synthetic.load import generator
from synthetic.load.record_buffer import RecordBuffer

real_add, seen = RecordBuffer.add, []


def add(buffer: RecordBuffer, *fields: Any) -> None:
    """Take nine."""
    seen.append(fields)
    if len(seen) > 9:
        raise ValueError("no room for it")
    real_add(buffer, *fields)


if __name__ == "__main__":
    RecordBuffer.add = add  # type: ignore[method-assign]
    code = generator.main()
    sys.stderr.flush()
    os._exit(code)
