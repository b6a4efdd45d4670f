"""What was measured, for people to read: HTML, Markdown, JSON."""
