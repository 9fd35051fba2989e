"""What files state about themselves: where and when they are, what they rest on, which edition they belong to."""
