"""Files of the toy Earth's archives: one module per family, each writing names and layouts as the agencies do.

A module's functions are given the Earth, a product, a year and days, and yield `Native` files; nothing is written
before `rssm.toy.archive` asks for it. Only a region's block is stored in arrays of the true global shape, so files are
small.
"""
