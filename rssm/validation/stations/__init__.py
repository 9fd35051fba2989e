"""Measurements of stations as records of pixels."""
