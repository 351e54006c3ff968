"""Every key of the program: what it does, which one it is, and what it may be."""
