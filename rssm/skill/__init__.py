"""Skill on the toy Earth: the whole chain and its rivals in one process, scored against the truth."""
