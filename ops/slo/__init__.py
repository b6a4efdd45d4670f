"""Objectives on disk and budgets on a live Prometheus."""
