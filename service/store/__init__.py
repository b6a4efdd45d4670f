"""Where events and cached answers are kept: ports, and an adapter for each."""
