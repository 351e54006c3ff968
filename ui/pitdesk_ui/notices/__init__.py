"""How what is said reaches the person: in the window, by the system, by a sound."""
