"""A local exchange that speaks the exchange's own interface, for practice and for tests. No real money."""
