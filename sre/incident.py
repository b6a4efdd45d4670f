"""`sre incident`: what is done in an incident, and what is left of it afterwards."""

import typer

from sre.incident_evidence import add_evidence_verb
from sre.incident_isolate import add_isolate_verb
from sre.incident_mode import add_mode_verb
from sre.incident_notify import add_notify_verb
from sre.incident_timeline import add_timeline_verb

app = typer.Typer(help="Act in an incident: keep evidence, tell people, isolate, switch modes.")

add_mode_verb(app)
add_evidence_verb(app)
add_notify_verb(app)
add_isolate_verb(app)
add_timeline_verb(app)
