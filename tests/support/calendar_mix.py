"""The calendar's own requests, as its profiles mix them."""

from pathlib import Path
from typing import Final

from slo.edge.project_file import SHIPPED, load_project
from synthetic.load.profile_file import read_profile
from synthetic.load.request_file import Shared, read_shared
from synthetic.load.shape import Profile

PATH: Final = Path(load_project(SHIPPED).paths.requests or "")
SHARED: Final[Shared] = read_shared(PATH.read_text(), source=PATH.name)


def mixed(weights: dict[str, float]) -> Profile:
    """Return a profile of one request a second with those weights."""
    text = f"name: test\ndescription: a test\nstages: [{{for_s: 1, per_s: 1}}]\nmix: {weights}"
    return read_profile(text, source="t.yaml", shared=SHARED)
