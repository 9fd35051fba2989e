"""Drafts of catalogue entries, from native files as they are: what is read, what is guessed, what stays open."""
