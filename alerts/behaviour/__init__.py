"""What each alert does, pinned by promtool tests and proved by mutants that they kill."""
