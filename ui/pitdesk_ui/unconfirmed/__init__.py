"""Orders that were sent and not answered: the tab, the banner, and what may be done meanwhile."""
