"""What the harness needs to know of one service, bound once in its project file."""
