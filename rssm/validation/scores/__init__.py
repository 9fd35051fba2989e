"""Scores of the data set and its rivals against stations: of pixels, of dekads, of groups; their tables, their stability."""
