"""How everything is drawn, once for the whole system: maps on any grid, their colours, sheets and files.

from rssm.atlas.maps import draw
from rssm.atlas.sheet import STYLE, keep, keep_map, sheet
"""
