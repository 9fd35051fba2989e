"""Files of the toy Earth's archives, with names and layouts as the agencies write them.

A function for each format is asked for a product-year (`Asked`) and yields `Native` files; nothing is written before
`rssm.toy.archive` does it. Only a region's block is stored in arrays of the true global shape, so files are small.
"""
