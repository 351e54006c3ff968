"""Pitdesk's core: everything a person's click goes through that needs no window. Imports no Qt."""

__version__ = "0.1.0"
