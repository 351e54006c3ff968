"""The price ladder: one row per legal price of the market shown."""
