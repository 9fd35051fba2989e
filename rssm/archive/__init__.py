"""Native files of the archives: which there are (listing, inventory), and their values (readers)."""
