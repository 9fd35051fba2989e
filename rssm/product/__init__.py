"""From simulated maps to the data set: filling, mask, flags, uncertainty, writers."""
