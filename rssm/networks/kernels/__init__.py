"""Compiled code and what is needed to build and call it; the object file is named by the sources of this folder."""
