"""Status pages meet files and Prometheus here."""
