"""The order ticket: what to send, what it would cost, and the button that sends it."""
