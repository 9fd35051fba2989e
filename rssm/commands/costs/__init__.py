"""What the jobs of each method cost: unit costs, and how many jobs a plan has; one module a method."""
