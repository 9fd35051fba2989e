"""CASM: residuals of brightness temperature from its mean year, and networks that make residuals of soil moisture of them."""
