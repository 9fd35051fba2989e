"""Sums that add up, scores that follow from them, replicates that tell how sure they are, and why one is missing."""
