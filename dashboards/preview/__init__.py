"""Draw dashboards as pages, so that they can be reviewed without a Grafana."""
