"""Legal files with every oddity that the common writers allow: one map of 12 × 24 cells of 15°, each written otherwise.

Each module holds VARIANTS: name → function of (path, values) that writes the file; NaN is missing.
"""
