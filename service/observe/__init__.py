"""How the service tells what it does: counters, exposition, log lines, and the middleware."""
