"""Backups that can be trusted and restores that lose nothing."""
