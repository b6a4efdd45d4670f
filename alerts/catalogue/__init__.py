"""Every alert, a file for each kind of trouble."""
