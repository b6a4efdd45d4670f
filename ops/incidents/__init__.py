"""What is done in an incident: mode, evidence, isolation, notices, and the timeline afterwards."""
