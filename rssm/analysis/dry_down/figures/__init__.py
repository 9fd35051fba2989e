"""Figures of the dry-down."""
