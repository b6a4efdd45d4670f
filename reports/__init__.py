"""Reports that people act on, made from run records and, where there is one, Prometheus."""

from reports.run_page import run_report

__all__ = ("run_report",)
