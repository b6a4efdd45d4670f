"""What the verbs about dashboards do with files, browsers, Prometheus and Grafana."""
