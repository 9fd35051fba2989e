"""Fusion: products matched to the target beside the chain of rounds, and one estimate made of both."""
