"""What a notice says of an incident: facts, and the words made of them."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kit.pure.errors import BadInputError

SHIPPED: Final = Path(__file__).resolve().parent / "notice.j2"
STATES: Final = ("open", "update", "resolved")
_LONGEST: Final = 10_000
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Facts:
    """An incident in facts; times are in UTC, `next_update` is None when it is resolved."""

    incident: str
    severity: str
    state: str
    what: str
    since: datetime
    impact: str
    commander: str
    now: datetime
    next_update: datetime | None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is sent: a line, a text, and the facts for machines."""

    title: str
    text: str
    facts: Facts

    def plain(self) -> dict[str, object]:
        """Return the notice as JSON has it."""
        facts = {
            name: f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value
            for name, value in asdict(self.facts).items()
        }
        return {"schema": "calendar-sre/notice/v1", **facts, "title": self.title, "text": self.text}


def incident_name(given: str | None, since: datetime) -> str:
    """Return what an incident is called, by which later notices are known to be of the same."""
    name = given or f"INC-{since:%Y%m%d-%H%M}"
    if not _NAME.fullmatch(name):
        raise BadInputError(
            f"{name!r} cannot be the name of an incident",
            hint="use letters, digits, dots and dashes, such as INC-20261101-1405",
        )
    return name


def notice_of(facts: Facts, template: Path = SHIPPED) -> Notice:
    """Return the notice in the words of a template; BadInputError names what is wrong with it."""
    lines = asdict(facts) | {
        "since": _moment(facts.since),
        "now": _moment(facts.now),
        "lasts": _span(facts.now - facts.since),
        "next_update": _moment(facts.next_update) if facts.next_update else "",
    }
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    try:
        text = environment.from_string(template.read_text(encoding="utf-8")).render(lines)
    except (OSError, UnicodeDecodeError, TemplateError, RecursionError) as err:
        raise BadInputError(
            f"{template}: {err}", hint=f"it knows {', '.join(sorted(lines))}; see {SHIPPED}"
        ) from err
    if not text.strip():
        raise BadInputError(f"{template}: makes a notice without words", hint=f"see {SHIPPED}")
    if len(text) > _LONGEST:
        raise BadInputError(
            f"the notice has {len(text)} letters, at most {_LONGEST}", hint="shorten it"
        )
    title = " ".join(f"{facts.severity} {facts.state}: {facts.what}".split())
    return Notice(title[:200], text, facts)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _span(span: timedelta) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
