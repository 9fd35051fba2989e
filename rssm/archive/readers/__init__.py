"""One module per family of files, what only they share, and the choice among them."""
