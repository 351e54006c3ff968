"""Data only: fonts, icons and their licences. Read through pitdesk_ui.resources_path."""
