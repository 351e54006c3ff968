"""What a trading desk does: it owns all live state, on one asyncio loop, and knows nothing of windows."""
