"""The toy Earth: a known truth, and archives of it in the products' own formats."""
