"""Means, series, trends and seasons of the data set, and of what it is held beside (sections 2.4 and 3.3 of the article)."""
