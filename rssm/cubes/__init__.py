"""Cubes, and the ways between them and maps: cut out of maps by a job of their own, laid on maps again by `scatter`."""
