"""The Positions and Fills tabs."""
