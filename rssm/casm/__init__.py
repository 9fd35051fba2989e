"""CASM: networks on departures from the seasonal cycle, SMOS and AMSR-E taught what SMAP would have seen."""
