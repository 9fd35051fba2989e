"""What inputs contribute to networks (section 5.1 of the article)."""
