"""Run commands of the runbook, ask the service, and wait for an alert in between."""

import time
from collections.abc import Iterator

import httpx2

from kit.pure.errors import reason_of
from ops.drills.acting import sre, words_of
from ops.drills.drill import Action
from ops.drills.polling import wait_until
from ops.drills.stack import Stack


def run_sre(stack: Stack, run: str) -> Iterator[Action]:
    """Run `sre …`; DRILL in it is the drill's own folder."""
    yield sre(stack, *words_of(run, stack.folder))


def ask_service(
    stack: Stack, method: str, path: str, body: dict[str, object] | None = None
) -> Iterator[Action]:
    """Send the service one request, as an operator with a key."""
    began_s = time.monotonic()
    headers = {"Authorization": f"Bearer {stack.key}"}
    try:
        answer = httpx2.request(
            method, f"{stack.url}{path}", headers=headers, json=body, timeout=60
        )
        code, said = int(not answer.is_success), answer.text
    except httpx2.HTTPError as err:
        code, said = 1, reason_of(err)
    yield Action(f"curl -X {method} $URL{path}", code, time.monotonic() - began_s, said[:200])


def await_alert(stack: Stack, alert: str, within_s: float) -> Iterator[Action]:
    """Wait until an alert has arrived, before the next step."""
    began_s = time.monotonic()
    arrived = wait_until(lambda: alert in stack.pager.names(), within_s=within_s)
    said = "" if arrived else f"it did not within {within_s:g} s"
    yield Action(f"wait for {alert}", int(not arrived), time.monotonic() - began_s, said)
