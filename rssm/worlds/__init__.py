"""Runs in worlds whose truth is known: their maps, and rivals that need no training, scored against it."""
