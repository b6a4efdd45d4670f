"""What touches files, processes, servers and tools, for every room of the harness."""
