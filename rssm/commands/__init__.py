"""Commands for people: checking, planning, looking."""
