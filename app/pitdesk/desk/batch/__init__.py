"""The batch editor below its window: rows as typed, a verdict for each, ladders, files, and the sending."""
