"""What the running system shows, judged: one pure module a check, the asking at the edge."""
