"""The market finder: search, categories, and events with their markets' live quotes."""
