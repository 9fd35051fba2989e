"""Samples rewritten in the legal ways of common writers: the same numbers, laid out otherwise.

Each module holds VARIANTS: name → function of (source, target) that writes the variant.
"""
