"""What a run is, in two pictures: products, rounds and substeps along time, and the rules that make files of files."""
