"""`sre doctor`: what this machine has of what the product needs."""

import typer

app = typer.Typer()


@app.command()
def doctor() -> None:
    """Say what this machine has of what the product needs."""
