"""Figures of analysis, each by a rule of its own."""
