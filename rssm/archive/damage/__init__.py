"""What is checked before a C library touches a file: each of them crashes, hangs or reads zeros on some bad ones."""
