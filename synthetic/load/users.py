"""The Locust user that follows a schedule instead of its own answers."""

from locust import User, task
from locust.exception import StopUser

from synthetic.load.arrivals import Arrivals
from synthetic.load.exchange import Exchange
from synthetic.load.tally import Tally
from synthetic.load.workload import Workload


def user_class(arrivals: Arrivals) -> type[User]:
    """Return a user class of exactly one user, whose task walks the scheduled times."""
    job = arrivals.job

    class ScheduledUser(User):
        fixed_count = 1

        @task
        def follow_the_schedule(self) -> None:
            routes = Workload(job.profile, tag=job.tag).routes
            arrivals.walk(Exchange(job), Tally(self.environment.stats, routes))
            raise StopUser

    return ScheduledUser
