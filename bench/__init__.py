"""Measurements, for developers: each module is run by its name (`make bench` runs those of time and memory)."""
