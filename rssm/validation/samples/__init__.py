"""What products and stations say in the same pixels and steps."""
