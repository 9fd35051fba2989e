"""What the rules of the CASM method ask."""
