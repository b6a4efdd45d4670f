"""The `sre` command and what operating the service takes."""
