"""How the service shows what it does: counters, exposition, log lines, and the middleware."""
