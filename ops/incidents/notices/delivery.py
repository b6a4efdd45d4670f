"""Tell every receiver at the same time, again where it may help, and say who was reached."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from kit.pure.errors import HarnessError
from ops.incidents.notices.contacts import Channel
from ops.incidents.notices.notice import Notice
from ops.incidents.notices.transports import NotTakenError, send

TRIES: Final = 3
_FIRST_WAIT_S: Final = 0.5
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of telling one receiver; `problem` is empty when it took the notice."""

    channel: Channel
    where: str
    tries: int
    took_s: float
    problem: str = ""


def deliver_all(
    channels: Sequence[Channel], notice: Notice, on_delivery: Callable[[Delivery], None]
) -> list[Delivery]:
    """Tell each receiver, up to three times; `on_delivery` gets each as soon as it is decided."""

    def one(channel: Channel) -> Delivery:
        delivery = deliver(channel, notice)
        on_delivery(delivery)
        return delivery

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, channels))


def deliver(channel: Channel, notice: Notice) -> Delivery:
    """Tell one receiver, and again after half a second and one when that may help."""
    if channel.problem:
        return Delivery(channel, "", 0, 0.0, channel.problem)
    began_s, wait_s = time.monotonic(), _FIRST_WAIT_S
    for number in range(1, TRIES + 1):
        try:
            where = send(channel, notice)
        except NotTakenError as err:
            problem, again = str(err), err.again and number < TRIES
            pause_s = wait_s if err.wait_s is None else err.wait_s
        except HarnessError as err:
            problem, again, pause_s = ": ".join(filter(None, (str(err), err.hint))), False, 0.0
        except Exception as err:  # noqa: BLE001 -- one receiver must not cost the word about all
            problem, again, pause_s = f"{type(err).__name__}: {err}", False, 0.0
        else:
            return Delivery(channel, where, number, time.monotonic() - began_s)
        if not again:
            break
        time.sleep(pause_s)
        wait_s *= 2
    return Delivery(channel, "", number, time.monotonic() - began_s, problem)
