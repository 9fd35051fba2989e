"""SoMo.ml: daily soil moisture of three layers, learnt from stations by networks with memory."""
