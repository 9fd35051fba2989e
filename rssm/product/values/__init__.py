"""What a dekad's values are made from and with: maps, masks, filling, flags, coverage."""
