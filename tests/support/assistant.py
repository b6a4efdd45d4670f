"""The calendar assistant in its own image, wired to the servers beside it."""

from collections.abc import Mapping
from typing import Any, Final

from tests.support.starting import Spec

ADMIN_KEY: Final = "the-key-of-the-end-to-end-test"
PORT: Final = 8000
PROBER_PORT: Final = 9115


def service_spec(*, mongodb: str, redis: str, settings: Mapping[str, str] | None = None) -> Spec:
    """Return the service on a MongoDB and a Redis that it knows by these names."""
    environment = {
        "CALENDAR_MONGODB_URL": f"mongodb://{mongodb}:27017/calendar?directConnection=true",
        "CALENDAR_REDIS_URL": f"redis://{redis}:6379/0",
        "CALENDAR_ADMIN_KEY": ADMIN_KEY,
        **(settings or {}),
    }
    return Spec("service", PORT, environment=environment)


def prober_spec(*, target: str) -> Spec:
    """Return the prober, from the image of the command, walking its journeys every second."""
    walk = ("--target", target, "--every", "1", "--host", "0.0.0.0", "--port", str(PROBER_PORT))
    command = ("sre", "probe", "run", *walk)
    environment = {"SRE_API_KEYS": ADMIN_KEY}
    return Spec("prober", PROBER_PORT, command, environment=environment, image="sre")


def scrape_job(*targets: str) -> dict[str, Any]:
    """Return the scrape job that the rules are about, for services at these addresses."""
    return {
        "job_name": "calendar-api",
        "authorization": {"credentials": ADMIN_KEY},
        "static_configs": [{"targets": list(targets)}],
    }
