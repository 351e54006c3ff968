"""How quick it is, always as a ratio to a plain program measured in the same run."""
