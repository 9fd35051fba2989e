"""Subnetworks: one small neural network for every zone, network and chain; trained, stored and applied."""
