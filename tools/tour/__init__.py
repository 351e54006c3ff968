"""The tour: a person's first quarter of an hour, through the real widgets, confirmed by the exchange."""
