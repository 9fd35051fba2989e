"""SoMo.ml on toy worlds whose truth is known: skill against rivals, the carried state, speed."""
