"""The commands behind dev.py: make the environment, then run, test or show. Standard library only."""
