"""Validation: measurements of stations, scores of the data set and of others against them."""
