"""Validation: what the data set and its rivals are worth against stations, against the target, and without either."""
