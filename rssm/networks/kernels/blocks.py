"""How kernels lay out points, nodes and inputs: known to those who compile them and to those who only call them."""

BLOCK = 704  # points: all rows of a block stay in the nearest caches; a power of two would make rows collide there
GROUP = 7  # hidden nodes handled at once: the paper's number
LANES = 16  # points are padded to a multiple of a vector register
