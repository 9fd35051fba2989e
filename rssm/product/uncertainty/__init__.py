"""How far values may be wrong: held-out skill, spread between chains, the recipe and its calibration."""
