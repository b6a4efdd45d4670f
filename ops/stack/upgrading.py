"""A new version of the service: one replica first, judged by the objectives, then all of them.

Until the canary holds, `.env` names the old version: whatever ends an upgrade, `sre stack up` then
brings back what was. After that it names the new one, and `sre stack up` goes on with it.
"""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from kit.edge.containers import Say
from kit.edge.writing import write_whole
from kit.pure.errors import HarnessError, RefusedError
from ops.stack import canary, preflight
from ops.stack.canary import Counted, Judged
from ops.stack.containers import Container, last_words
from ops.stack.home import Home
from ops.stack.replica_metrics import counted
from ops.stack.rolling import NotReadyError, Replicas
from slo.meaning import Meaning, UnmeasurableError, meaning_to_clients
from slo.objective import Objective
from slo.project.project import Project
from slo.verdict import Verdict

_LOOK_AGAIN_S: Final = 1.0
SERVICE: Final = "SERVICE_IMAGE"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a canary is watched at least, and at most until its requests have decided; seconds.

    With `watch_s` 0 it only has to be ready.
    """

    watch_s: float
    within_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an upgrade ended: the verdict over the new version, why, and each objective's."""

    before: str
    after: str
    verdict: Verdict
    reason: str
    judged: tuple[Judged, ...] = ()

    @property
    def is_done(self) -> bool:
        """Say whether the new version serves now; else the old one does, as before."""
        return self.verdict is Verdict.PASS


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One upgrade of one stack to the image `to`."""

    home: Home
    replicas: Replicas
    to: str
    objectives: tuple[Objective, ...]
    project: Project
    say: Say

    def run(self, patience: Patience) -> Outcome:
        """Do it; the caller holds the stack. Raises RefusedError where nothing serves yet."""
        environment = self.home.environment()
        before = environment[SERVICE]
        old = [one for one in self.replicas.there() if one.state == "running"]
        self._refuse_what_cannot_be(old)
        if before == self.to and all(one.image == self.to for one in old):
            return Outcome(before, self.to, Verdict.PASS, "every replica runs it already")
        preflight.check_disk(self.home.folder)
        self._note("canary", before)
        try:
            outcome = self._canary(before, old, patience)
            if outcome.is_done:
                self._note("rolling", before)
                self.home.write_environment({**environment, SERVICE: self.to})
                outcome = self._roll(outcome, environment)
        finally:
            # After SIGKILL the note stays, and says so to whoever looks.
            self.home.unfinished.unlink(missing_ok=True)
        self._remember(outcome)
        return outcome

    def _refuse_what_cannot_be(self, old: list[Container]) -> None:
        self.replicas.proxy.let_all_in()
        up = self.replicas.proxy.serving()
        if not any(one.addresses.get("front") in up for one in old):
            raise RefusedError(
                "no replica takes requests now, so that nothing could serve during an upgrade",
                hint="sre stack up brings the present version back first",
            )

    def _canary(self, before: str, old: list[Container], patience: Patience) -> Outcome:
        """Start one replica of the new version and judge it; it is gone where it does not hold."""
        self.say(f"canary: one replica of {self.to} beside {len(old)} of {before}")
        try:
            fresh = self.replicas.add({SERVICE: self.to})
        except NotReadyError as err:
            return Outcome(before, self.to, Verdict.FAIL, str(err))
        try:
            outcome = Outcome(before, self.to, Verdict.PASS, "ready; its requests were not judged")
            if patience.watch_s > 0:
                outcome = self._watched(outcome, fresh, old, patience)
        except BaseException:
            with suppress(HarnessError):
                self.replicas.take_out(fresh)
            raise
        if not outcome.is_done:
            self.replicas.take_out(fresh)
            self.say(f"canary: taken out again: {outcome.reason}")
        return outcome

    def _watched(
        self, outcome: Outcome, fresh: Container, old: list[Container], patience: Patience
    ) -> Outcome:
        """Return the outcome once the canary's requests decide, or time is over."""
        measured = _measured(self.objectives, self.project)
        key = self.home.read_secret("metrics_key")
        first = (counted([fresh], key, self.project), counted(old, key, self.project))
        began = time.monotonic()
        while True:
            now = next((o for o in self.replicas.there() if o.identity == fresh.identity), None)
            if now is None or now.state != "running" or now.restarts:
                reason = f"the canary ended; it said last: {last_words(fresh)}"
                return replace(outcome, verdict=Verdict.FAIL, reason=reason)
            seen = counted([fresh], key, self.project).since(first[0])
            beside = counted(old, key, self.project).since(first[1])
            judged = judge_all(measured, seen, beside)
            verdict, watched_s = canary.verdict(judged), time.monotonic() - began
            is_time = watched_s >= patience.watch_s and verdict is Verdict.PASS
            if verdict is Verdict.FAIL or is_time or watched_s >= patience.within_s:
                reason = _reason(judged, verdict, watched_s)
                return replace(outcome, verdict=verdict, reason=reason, judged=judged)
            time.sleep(_LOOK_AGAIN_S)

    def _roll(self, outcome: Outcome, environment: dict[str, str]) -> Outcome:
        """Replace the others; when one of the new does not come up, bring the old version back."""
        self.say(f"canary: {outcome.reason}; now the others")
        rest = self._of_another_image()
        try:
            if rest:
                self.replicas.take_out(rest[0])  # the canary has its place
            self.replicas.replace(rest[1:])
        except NotReadyError as err:
            self.say(f"rolling back: {err}")
            self.home.write_environment(environment)
            back = [o for o in self.replicas.there() if o.image == self.to]
            self.replicas.replace(back)
            self.replicas.scale(int(environment.get("SERVICE_REPLICAS", "1")))
            return replace(outcome, verdict=Verdict.FAIL, reason=str(err))
        return outcome

    def _of_another_image(self) -> list[Container]:
        return [one for one in self.replicas.there() if one.image != self.to]

    def _note(self, phase: str, before: str) -> None:
        note = {"from": before, "to": self.to, "phase": phase, "at": _now()}
        write_whole(self.home.unfinished, json.dumps(note))

    def _remember(self, outcome: Outcome) -> None:
        """Add a line to the stack's history of versions."""
        line = {
            "at": _now(),
            "from": outcome.before,
            "to": outcome.after,
            "verdict": str(outcome.verdict),
            "reason": outcome.reason,
        }
        with (self.home.folder / "upgrades.jsonl").open("a", encoding="utf-8") as history:
            history.write(json.dumps(line) + "\n")


def judge_all(
    measured: tuple[tuple[Objective, Meaning], ...], fresh: Counted, beside: Counted
) -> tuple[Judged, ...]:
    """Return what the requests of a canary say of each objective that requests can show."""
    return tuple(canary.judge(one, meaning, fresh, beside) for one, meaning in measured)


def _measured(
    objectives: tuple[Objective, ...], project: Project
) -> tuple[tuple[Objective, Meaning], ...]:
    found = []
    for one in objectives:
        with suppress(UnmeasurableError):
            found.append((one, meaning_to_clients(one, project)))
    return tuple(found)


def _reason(judged: tuple[Judged, ...], verdict: Verdict, watched_s: float) -> str:
    deciding = [one for one in judged if one.verdict is verdict]
    said = "; ".join(f"{one.objective}: {one.reason}" for one in deciding)
    if verdict in {Verdict.PASS, Verdict.FAIL}:
        return f"after {watched_s:.0f} s {said}"
    return f"its requests do not decide within {watched_s:.0f} s: {said}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
