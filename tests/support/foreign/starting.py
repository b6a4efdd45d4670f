"""Start a foreign service in a container, scraped by a Prometheus of its own."""

from pathlib import Path
from typing import Final

from tests.support.starting import Spec

PORT: Final = 8080
_HERE: Final = Path(__file__).parent


def foreign_spec(name: str) -> Spec:
    """Return the service of the module `name` beside this one, run by the image of our service."""
    factory = ("python", "-m", "uvicorn", "--factory", f"{name}:create")
    command = (*factory, "--host", "0.0.0.0", "--port", str(PORT), "--log-level", "warning")
    return Spec(
        name,
        PORT,
        command,
        environment={"PYTHONPATH": "/foreign"},
        image="service",
        mounts={str(_HERE): "/foreign"},
    )
