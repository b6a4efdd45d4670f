"""What is said of one load run or golden run."""
