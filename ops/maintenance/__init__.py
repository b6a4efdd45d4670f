"""What keeps the system fit: the database, the log files, and what it is built from."""
