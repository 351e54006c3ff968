"""The exchange as it is on the wire. Knows nothing of the desk or of the window."""
