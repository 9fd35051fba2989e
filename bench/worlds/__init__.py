"""Experiments in worlds whose truth is known: the whole chain and its rivals on toy Earths, scored against the truth."""
