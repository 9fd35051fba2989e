"""The rounds: collocation, merging, fuzzification, targets of the next round, chains."""
