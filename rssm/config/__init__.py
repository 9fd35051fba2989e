"""What a user sets: the run, the catalogue of products, the plan of rounds, substeps and networks."""
