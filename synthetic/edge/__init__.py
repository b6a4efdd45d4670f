"""The load generator, the prober and the golden runner: what talks to servers and files."""
