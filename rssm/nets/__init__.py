"""Deep networks by numpy and compiled code, of no method in particular: layers, optimiser, storage."""
