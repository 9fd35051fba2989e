"""Native files of the archives → values on their native grid; one module per family of files."""
