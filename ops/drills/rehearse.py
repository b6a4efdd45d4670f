"""Run one drill: steady state, fault, who is notified, mending, recovery, what is lost."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from kit.pure.errors import HarnessError
from ops.drills.drill import EVERYTHING, Check, Drill, Expected
from ops.drills.outcome import Arrival, Mark, Outcome, impact_of
from ops.drills.polling import wait_until
from ops.drills.rules import shipped_wait_s
from ops.drills.stack import Stack
from ops.drills.starting import Plan, private_stack
from ops.drills.users import Users, working_users

Tell = Callable[[str], None]


def rehearse(drill: Drill, rules: Mapping[str, str], tell: Tell) -> Outcome:
    """Run a drill on a stack of its own and return what it showed.

    `tell` gets a line whenever something happens. A stack that does not start, and a signal, end
    it early: the outcome says so, and nothing is left.
    """
    (outcome,) = rehearse_all((drill,), rules, tell)
    return outcome


def rehearse_all(
    drills: Sequence[Drill], rules: Mapping[str, str], tell: Tell
) -> Iterator[Outcome]:
    """Run drills one after the other and yield what each showed; see `rehearse`.

    Those that want the same stack share one; one after which all is not well is the last on it.
    Alerts that nobody waits for to be resolved may still fire when the next drill begins, unless it
    expects them: its record names them.
    """
    left = list(drills)
    while left:
        shared = [drill for drill in left if _stack_of(drill) == _stack_of(left[0])]
        for outcome in _on_one_stack(shared, rules, tell):
            left.remove(outcome.drill)
            yield outcome
            if outcome.interrupted:
                return


def _stack_of(drill: Drill) -> tuple[object, ...]:
    return dict(drill.settings), drill.needs, drill.golden_every_s


def _begun(drill: Drill, rules: Mapping[str, str]) -> Outcome:
    now = datetime.now(UTC)
    return Outcome(drill, f"{now:%Y%m%dT%H%M%S}-{drill.name}", now, tuple(sorted(rules)))


def _on_one_stack(
    drills: Sequence[Drill], rules: Mapping[str, str], tell: Tell
) -> Iterator[Outcome]:
    """Yield the outcomes of the drills that one stack served: the first, and maybe more."""
    first, began_s = drills[0], time.monotonic()
    outcome = _begun(first, rules)
    about = frozenset(each.alert for drill in drills for each in drill.expects)
    plan = Plan(rules, first.settings, first.golden_every_s, first.needs, first.every_s, about)
    try:
        with private_stack(f"{outcome.identity}-{os.getpid()}", plan, tell) as stack:
            for drill in drills:
                if drill is not first:
                    outcome, began_s = _begun(drill, rules), time.monotonic()
                    wanted = {each.alert for each in drill.expects}
                    outcome.still_firing = tuple(
                        sorted(stack.pager.firing() - wanted - {"Watchdog"})
                    )
                tell(f"drill {drill.name}: {drill.breaks}, about {drill.about_s:g} s")
                with working_users(
                    stack.url, stack.key, stack.away, patience_s=drill.users_patience_s
                ) as users:
                    _Rehearsal(drill, stack, users, outcome, rules, tell).run()
                outcome.wall_s = time.monotonic() - began_s
                if drill is drills[-1] or not outcome.leaves_all_well:
                    break
                yield outcome
            tell("removing the stack")
    except HarnessError as err:
        outcome.trouble = str(err)
    except OSError as err:
        outcome.trouble = f"a part of the stack does not answer: {err}"
    except KeyboardInterrupt:
        outcome.interrupted = True
    outcome.wall_s = time.monotonic() - began_s
    yield outcome


class _Rehearsal:
    """The steps of one run, in their order."""

    def __init__(
        self, drill: Drill, stack: Stack, users: Users, outcome: Outcome,
        rules: Mapping[str, str], tell: Tell,
    ) -> None:  # fmt: skip
        self._drill, self._stack, self._users = drill, stack, users
        self._outcome, self._rules, self._tell = outcome, rules, tell
        self._fault_s = self._mend_s = time.monotonic()
        self._marks: list[tuple[float, str]] = []

    def run(self) -> None:
        """Do all of it, as far as it makes sense; what was measured is in the outcome."""
        try:
            if not self._becomes_steady():
                return
            self._break()
            self._await_alerts()
            self._look(self._drill.checks)
            self._mend()
            self._await_recovery()
            self._await_resolution()
            self._look(self._drill.verify)
            self._look_for_losses()
        finally:
            self._outcome.trouble = self._trouble()
            self._outcome.marks = [Mark(at_s - self._fault_s, w) for at_s, w in self._marks]

    def _trouble(self) -> str:
        """Return what nobody meant to end and yet has ended: then nothing is proved."""
        stack = self._stack
        watching = (stack.prometheus, stack.alertmanager)
        gone = [each.role for each in watching if not each.is_running]
        prober = stack.prober.running
        if prober is not None and prober.process.poll() is not None:
            gone.append("prober")
        return f"the drill's own {', '.join(gone)} ended meanwhile" if gone else ""

    def _mark(self, what: str) -> None:
        self._marks.append((time.monotonic(), what))
        self._tell(what)

    def _becomes_steady(self) -> bool:
        stack, users, began_s = self._stack, self._users, time.monotonic()
        self._tell("waiting until all is well")

        def steady() -> bool:
            calm = stack.healthy() and stack.pager.calm(frozenset(self._outcome.still_firing))
            return calm and users.content(began_s) and self._drill.steady(stack)

        within_s = self._drill.steady_within_s
        if not wait_until(steady, within_s=within_s):
            self._outcome.unwell = self._unwell()
            self._mark(f"not well after {within_s:g} s: {self._outcome.unwell}")
            return False
        self._outcome.steady_after_s = time.monotonic() - began_s
        self._mark("all is well")
        return True

    def _unwell(self) -> str:
        firing = ", ".join(sorted(self._stack.pager.firing())) or "none"
        return f"alerts {firing}; problems of users {self._users.problems()}"

    def _break(self) -> None:
        self._tell(self._drill.breaks)
        self._fault_s = time.monotonic()
        self._outcome.actions.extend(self._drill.inject(self._stack))
        self._mark(f"broken: {self._drill.breaks}")

    def _await_alerts(self) -> None:
        for expected in self._drill.expects:
            self._outcome.arrivals.append(self._await_alert(expected))

    def _await_alert(self, expected: Expected) -> Arrival:
        pager, since_s = self._stack.pager, self._fault_s
        more_s = shipped_wait_s(
            self._rules, expected.alert, expected.receiver, every_s=self._drill.every_s
        )
        left_s = self._drill.detect_within_s - (time.monotonic() - since_s)
        wait_until(lambda: pager.first(expected.alert, "firing", since_s), within_s=left_s)
        page = pager.first(expected.alert, "firing", since_s)
        if page is None:
            self._mark(f"{expected.alert} did not arrive")
            return Arrival(expected, None, "", "", "", more_s)
        self._mark(f"{page.receiver} is notified of {page.alert} ({page.priority})")
        words = (page.receiver, page.severity, page.priority)
        return Arrival(expected, page.at_s - since_s, *words, more_s)

    def _look(self, looks: Callable[[Stack], Iterable[Check]]) -> None:
        for check in looks(self._stack):
            self._outcome.checks.append(check)
            self._mark(f"{'holds' if check.holds else 'DOES NOT HOLD'}: {check.what}")

    def _mend(self) -> None:
        self._mend_s = time.monotonic()
        for action in self._drill.mend(self._stack):
            self._outcome.actions.append(action)
            self._mark(f"mended by: {action.command}")
        if self._drill.keeps != EVERYTHING:
            self._users.forgo(self._fault_s)

    def _await_recovery(self) -> None:
        users, stack = self._users, self._stack

        def served() -> bool:
            return users.content(self._mend_s) and stack.healthy()

        recovered = wait_until(served, within_s=self._drill.recover_within_s)
        end_s = time.monotonic()
        if recovered:
            end_s = self._served_since_s()
            self._outcome.recovered_after_s = end_s - self._mend_s
            self._mark("users are served again")
        self._outcome.impact = impact_of(users.since(self._fault_s), self._fault_s, end_s)

    def _served_since_s(self) -> float:
        """Return when the last request that went wrong was over, or the mending began if later."""
        bad = [each for each in self._users.since(self._fault_s) if each.problem]
        return max([self._mend_s, *(each.at_s + each.took_s for each in bad)])

    def _await_resolution(self) -> None:
        arrivals = self._outcome.arrivals
        if self._drill.resolves:
            arrivals[:] = [
                each if each.notified_after_s is None else self._resolved(each) for each in arrivals
            ]
        others = self._stack.pager.names(self._fault_s)
        others -= {
            "Watchdog",
            *self._outcome.still_firing,
            *(each.alert for each in self._drill.expects),
        }
        self._outcome.also_heard = tuple(sorted(others))

    def _resolved(self, arrival: Arrival) -> Arrival:
        pager, name, since_s = self._stack.pager, arrival.expected.alert, self._fault_s
        left_s = self._drill.resolve_within_s - (time.monotonic() - self._mend_s)
        wait_until(lambda: pager.first(name, "resolved", since_s), within_s=left_s)
        page = pager.first(name, "resolved", since_s)
        if page is None:
            return arrival
        self._mark(f"{name} is resolved")
        return replace(arrival, resolved_after_s=max(0.0, page.at_s - self._mend_s))

    def _look_for_losses(self) -> None:
        users = self._users
        self._outcome.acknowledged = len(users.acknowledged) + len(users.forgone)
        if self._outcome.recovered_after_s is None:
            return
        try:
            self._outcome.lost = tuple(users.lost())
            self._outcome.lost_as_expected = users.forgone_and_gone()
        except TimeoutError as err:
            self._mark(str(err))
            return
        gone = len(self._outcome.lost) + self._outcome.lost_as_expected
        self._mark(f"{self._outcome.acknowledged} events looked for, {gone} lost")
