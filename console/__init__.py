"""The console: read-only pages for people on a project, served on demand; it keeps no state."""
