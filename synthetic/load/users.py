"""The Locust user that follows a schedule instead of its own answers."""

import ssl
from typing import Any

from locust import FastHttpUser, task
from locust.exception import StopUser

from synthetic.load.arrivals import Arrivals
from synthetic.load.exchange import Exchange


def user_class(arrivals: Arrivals) -> type[FastHttpUser]:
    """Return a user class of exactly one user, whose task walks the scheduled times."""
    job = arrivals.job

    class ScheduledUser(FastHttpUser):
        fixed_count = 1
        network_timeout = connection_timeout = job.profile.timeout_s
        concurrency = job.profile.max_in_flight
        insecure = False
        ssl_context_factory = staticmethod(lambda: ssl.create_default_context(cafile=job.ca_file))
        max_redirects = 0
        max_retries = 0

        @task
        def follow_the_schedule(self) -> None:
            exchange = Exchange(job, self.client.client.clientpool, self._report)
            arrivals.walk(exchange)
            raise StopUser

        def _report(self, name: str, method: str, seconds: float, error: str | None) -> None:
            """Tell Locust's own events, so that its listeners and statistics see the run."""
            fields: dict[str, Any] = {
                "request_type": method,
                "name": name,
                "response_time": seconds * 1000,
                "response_length": 0,
                "exception": error,
                "context": {},
            }
            self.environment.events.request.fire(**fields)

    return ScheduledUser
