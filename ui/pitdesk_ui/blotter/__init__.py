"""The Working tab: every resting order, and what can be done to it."""
