"""Objectives for other services, as docs/slo.md shows them."""

from pathlib import Path
from typing import Final

import slo

EXAMPLES: Final = Path(str(slo.__file__)).parent / "examples"
