"""Polls Circle, which pushes only what somebody built a workflow for: new members, posts and comments by its Admin API."""
