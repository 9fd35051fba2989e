"""What the Snakefile asks of a SoMo.ml run."""
