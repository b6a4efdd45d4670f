"""Reports over a window of time: day, week, month. Pure: answers and records in, values out."""
