"""Figures of validation, as SVG and PNG, and what they show as CSV beside them."""
