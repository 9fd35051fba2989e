"""Formulas, apart from files: trends and their tests, seasons as Fourier series."""
