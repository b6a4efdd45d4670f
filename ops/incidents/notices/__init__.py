"""Tell people of an incident: who, by which way, in which words."""
