"""The report of a run: one HTML file that opens from disk, asks no server, and shows what was done and what came out."""
