"""From objectives to Grafana dashboards."""
