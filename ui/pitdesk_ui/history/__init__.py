"""The History tab: the orders of the account that are over."""
