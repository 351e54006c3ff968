"""The market in the middle of the window: its question, its price history, the outcome cards."""
