"""English: its words and its rows."""
