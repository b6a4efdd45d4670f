"""What can be wrong with rule files, a file for each check; usable on anybody's rules."""
