"""What is done at fixed times: when each is due, how it is run, and how a missed one shows."""
