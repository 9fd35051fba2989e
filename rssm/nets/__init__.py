"""Deep networks in numpy: what any method may train and apply. It knows no method."""
