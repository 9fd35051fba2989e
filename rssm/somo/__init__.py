"""SoMo.ml: soil moisture of three layers as stations measure it, by a recurrent network on weather and statics."""
