"""What is done in an incident: mode, evidence, isolation, notices, and the story afterwards."""
