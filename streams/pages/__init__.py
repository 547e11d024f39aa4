"""The member's side: guides, actions, preferences, surveys and the in-app inbox, without a login."""
