"""CASM: networks on departures from the seasonal cycle; SMOS and AMSR-E are taught what SMAP would have seen."""
