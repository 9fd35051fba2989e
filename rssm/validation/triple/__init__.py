"""Errors without stations: extended triple collocation."""
