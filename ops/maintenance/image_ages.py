"""How old the container images are that run the service."""

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from kit.edge.containers.catalog import WANTED
from kit.edge.containers.docker import engine_version
from kit.edge.containers.images import present_image
from ops.checks.finding import Finding, State, info, no_data

_TIMEOUT_S: Final = 20.0


def judge(*, now: datetime, oldest: timedelta) -> Iterator[Finding]:
    """Yield the age of each image that is present; an old one lacks the fixes of its base."""
    if engine_version() is None:
        yield no_data("images", "no container engine answers", "look on the machine that runs them")
        return
    images = {role: present_image(role) for role in WANTED}
    if not any(images.values()):
        step = "look on the machine that runs them"
        yield no_data("images", f"none of {len(images)} is here: {', '.join(images)}", step)
    for role, image in images.items():
        if image is None:
            yield info(f"image {role}", "not present")
        else:
            yield _aged(role, image, now, oldest)


def _aged(role: str, image: str, now: datetime, oldest: timedelta) -> Finding:
    try:
        age = now - created_at(image)
    except (OSError, subprocess.SubprocessError, ValueError, LookupError) as err:
        return no_data(f"image {role}", f"{image}: {err}")
    if age < timedelta():
        made = f"{image} was made {-age.days} days after now"
        return no_data(f"image {role}", made, "set the clock of this machine, or make it again")
    value, days = f"{age.days} days ({image})", age.total_seconds()
    if age > oldest:
        step = "docker pull it, or make images after removing it; then make test"
        limit = f"{oldest.days} days"
        return Finding(f"image {role}", State.WARN, value, limit, do_next=step, measured=days)
    return Finding(f"image {role}", State.PASS, value, measured=days)


def created_at(image: str) -> datetime:
    """Return when an image was made."""
    done = subprocess.run(
        ["docker", "image", "inspect", image],
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=True,
    )
    answer: Any = json.loads(done.stdout)
    return datetime.fromisoformat(str(answer[0]["Created"]))
