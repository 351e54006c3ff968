"""What is used to work on Pitdesk and is no part of it: the house commands, the tour, the benches."""
