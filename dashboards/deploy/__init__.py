"""Bring a set of dashboards into a Grafana, all of it or nothing."""
