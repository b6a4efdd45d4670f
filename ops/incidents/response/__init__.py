"""An incident from its first minute to its post-mortem: what to do, what was done, who was told."""
