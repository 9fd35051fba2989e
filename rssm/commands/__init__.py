"""Verbs for people: checking, planning, looking."""
