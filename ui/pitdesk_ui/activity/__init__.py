"""The Activity tab: the audit log of this session."""
