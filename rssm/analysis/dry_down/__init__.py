"""Dry-down: how fast the surface dries when next to no rain reaches it."""
