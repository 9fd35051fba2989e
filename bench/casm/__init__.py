"""CASM on toy Earths: its skill beside rivals, parts taken away, splits, and its speed."""
