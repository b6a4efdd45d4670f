"""Reports that people act on, made from run records and, where there is one, Prometheus."""
