"""The Locust user that follows a schedule instead of its own answers."""

from typing import Any

from locust import User, task
from locust.env import Environment
from locust.exception import StopUser

from synthetic.edge.load.exchange import Exchange
from synthetic.edge.load.locust_statistics import Tally
from synthetic.load.workload import Workload


class LoadEnvironment(Environment):
    """Locust's environment, and the share of a run that its one user has to send."""

    arrivals: Any = None


class ScheduledUser(User):
    """One of these is a worker's whole share: `environment.arrivals` says what it is."""

    @task
    def follow_the_schedule(self) -> None:
        """Send everything, each request when it is due."""
        arrivals: Any = getattr(self.environment, "arrivals", None)
        job = arrivals.job
        routes = [*Workload(job.profile, tag=job.tag).routes] * len(job.urls)
        exchanges = [Exchange(job, url) for url in job.urls]
        arrivals.walk(exchanges, Tally(self.environment.stats, routes))
        raise StopUser
