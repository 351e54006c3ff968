"""Pitdesk's shell: what a person sees. The only importer of Qt and qasync."""
