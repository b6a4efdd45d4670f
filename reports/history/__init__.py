"""What all reports and runs on record say together."""
