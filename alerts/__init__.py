"""From objectives to Prometheus rules, their checks and their deployment."""
