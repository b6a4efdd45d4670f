"""German: its words and its rows."""
