"""The tour: a person's first quarter of an hour, driven through the real widgets and confirmed by the exchange."""
