"""Objectives on disk and their budgets in Prometheus: what `slo` itself must not touch."""
