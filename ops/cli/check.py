"""`sre check`: what is wrong, how bad, since when, and what to do next."""

import typer

app = typer.Typer(help="Look at the running system: what is wrong, how bad, and what to do next.")
