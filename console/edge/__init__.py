"""The console meets HTTP, Prometheus, Alertmanager and files here."""
