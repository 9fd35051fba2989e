"""What the Snakefile asks: which files to make, from which files, with which slice of the configuration.

Pure functions of the configuration, the tables and (for digests) the names of native files. Imports stay light, because
every cluster job parses the Snakefile again.
"""
