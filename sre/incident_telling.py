"""Whom an incident's verbs tell: the options, and sending and publishing after a phase."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.prometheus import prometheus_url
from kit.edge.records import runs_dir
from kit.pure.errors import BadInputError, HarnessError, UnreachableError
from ops.incidents.notices.contacts import SHIPPED, Contacts, load_contacts
from ops.incidents.response import telling
from ops.incidents.response.incident import Incident
from ops.incidents.response.messages import RESOLVED, MessageFacts
from ops.incidents.response.playbook import Playbook
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project, runs_of
from sre.screen import console
from status.components import Named, named_of
from status.edge.notices import status_folder
from synthetic.edge.journeys.files import journeys_of

Sending = Annotated[
    bool, typer.Option("--notify", help="Send it to whom the contacts name for the severity.")
]
Publish = Annotated[bool, typer.Option("--publish", help="Put it on the status page.")]
Contact = Annotated[
    Path | None, typer.Option("--contacts", help="The file of receivers; else SRE_CONTACTS.")
]
StatusFolder = Annotated[
    Path | None,
    typer.Option("--status-dir", help="Folder of the status page; else SRE_STATUS_DIR."),
]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom to tell, and where what is asked for that lies."""

    notify: bool
    publish: bool
    contacts: Path | None
    status_dir: Path | None
    prometheus: str | None
    project: Path | None

    @property
    def is_wanted(self) -> bool:
        """Say whether anybody is to be told."""
        return self.notify or self.publish

    @property
    def prometheus_url(self) -> str:
        """Return where Prometheus is, "" where nobody said."""
        return prometheus_url(self.prometheus) or ""

    def check(self, incident: Incident) -> None:
        """Raise what keeps the words from being sent, before anything is done."""
        if self.notify:
            self.known().of(incident.severity)

    @property
    def contacts_path(self) -> Path:
        """Return the file of contacts."""
        return self.contacts or Path(os.environ.get("SRE_CONTACTS") or SHIPPED)

    def known(self) -> Contacts:
        """Return the contacts; raises BadInputError where nobody named any."""
        named = self.contacts_path
        if named == SHIPPED:
            raise BadInputError(
                "nobody is named whom to tell", hint=f"copy {SHIPPED}, fill it in, give --contacts"
            )
        return load_contacts(named)

    def next_update(self, severity: str) -> timedelta:
        """Return until when the next word is due."""
        known = self.known() if self.notify else load_contacts(SHIPPED)
        return known.severities[severity].next_update


def tell(
    incident: Incident, book: Playbook, stage: str, reach: Reach, me: str
) -> tuple[Incident, HarnessError | None]:
    """Write the words of a stage, send and publish them as asked; return what went wrong."""
    own = load_project(reach.project)
    named = named_of(
        own, load_objectives(Path(own.paths.objectives)),
        [each.name for each in journeys_of(own)] if own.journeys else [],
    )  # fmt: skip
    words = MessageFacts(
        incident.affected() if stage != RESOLVED else (),
        telling.budgets(incident, reach.prometheus_url),
        reach.next_update(incident.severity), _names(named),
    )  # fmt: skip
    incident = telling.write(incident, book, stage, words, me)
    trouble: HarnessError | None = None
    if reach.notify:
        incident, trouble = _notified(incident, stage, reach, words)
    if reach.publish:
        inner = tuple({own.job, own.name} - {own.title})
        folder = status_folder(reach.status_dir, runs_dir(runs_of(own)))
        public = telling.Public(folder, (), _names(named), inner)
        try:
            incident = telling.publish(incident, book, stage, public)
        except HarnessError as err:
            trouble = trouble or err
    return incident, trouble


def _notified(
    incident: Incident, stage: str, reach: Reach, words: MessageFacts
) -> tuple[Incident, HarnessError | None]:
    aside = console(to_stderr=True)
    incident, found = telling.send(
        incident, stage, reach.known(), words,
        lambda one: aside.out(f"{'NOT SENT' if one.problem else 'sent':<10}{one.channel.name}"),
        reach.contacts_path.parent,
    )  # fmt: skip
    lost = [f"{one.channel.name}: {one.problem}" for one in found if one.problem]
    if not lost:
        return incident, None
    hint = "sre incident notify tells them again"
    return incident, UnreachableError(f"not everybody was reached: {'; '.join(lost)}", hint=hint)


def _names(named: Named) -> tuple[str, ...]:
    """Return what users call the whole service."""
    return () if len(named.components) > 1 else tuple(each.name for each in named.components)
