"""Which images there are, where each is pulled from, and what each is built on.

The official tags are of the versions that Debian 12 packages (for Prometheus 3 of the next
release), so that both rungs of the ladder give the same behaviour.
"""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kit.pure.errors import BadInputError

ROOT: Final = Path(__file__).resolve().parents[3]
RECIPES: Final = ROOT / "deployment" / "images"
REPOSITORY: Final = "calendar-sre"


@dataclass(frozen=True, slots=True)
class Image:
    """One image.

    `official` is what would be pulled, empty for what only we make; `parent` is the role that the
    local build stands on, empty for the base; `wheels_of` is the distribution whose wheels, with
    those of all that it needs, go into the build; `package` is the one of our packages that goes
    in alone, with no more than `wheels_of`'s extra names.
    """

    role: str
    official: str = ""
    parent: str = "base"
    wheels_of: str = ""
    package: str = ""

    @property
    def recipe(self) -> Path:
        """The folder that holds the Dockerfile."""
        return RECIPES / self.role

    @property
    def has_project(self) -> bool:
        """Whether the wheel of this checkout goes into the build."""
        return self.wheels_of.startswith(REPOSITORY) and not self.package

    @property
    def repository(self) -> str:
        """The name under which a local build is kept."""
        return f"{REPOSITORY}/{self.role}"


_ALL: Final = (
    Image("base", "debian:bookworm-slim", parent=""),
    Image("python", "python:3.11-slim-bookworm"),
    Image("redis", "redis:7.0-bookworm"),
    Image("prometheus", "prom/prometheus:v2.42.0"),
    Image("prometheus-3", "prom/prometheus:v3.5.0"),
    Image("alertmanager", "prom/alertmanager:v0.25.0"),
    Image("node-exporter", "prom/node-exporter:v1.5.0"),
    Image("proxy"),
    Image("mongodb", "mongo:7.0", parent="python", wheels_of="secantusdb"),
    Image("service", parent="python", wheels_of="calendar-sre[service]", package="service"),
    Image("sre", parent="python", wheels_of="calendar-sre[harness,service]"),
)

IMAGES: Final = MappingProxyType({image.role: image for image in _ALL})
_ON_DEMAND: Final = frozenset({"base", "python", "prometheus-3"})
"""Two exist only to be built on; the next Prometheus is for the thorough tests alone."""

WANTED: Final = tuple(i.role for i in _ALL if i.role not in _ON_DEMAND)
"""What tests and tools run."""

SOON_NEEDED: Final = ("service", "mongodb", "redis", "prometheus", "alertmanager")
"""What most tests run; the others are made when one asks for them."""


def image_of(role: str) -> Image:
    """Return the image of a role, or raise BadInputError naming the roles there are."""
    try:
        return IMAGES[role]
    except KeyError as err:
        message = f"no image is called {role!r}"
        raise BadInputError(message, hint="choose from " + ", ".join(IMAGES)) from err
