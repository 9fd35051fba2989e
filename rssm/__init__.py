"""Long, consistent, global surface soil moisture from satellites (the RSSSM method)."""

__version__ = "0.1.0"
