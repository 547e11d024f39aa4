"""The catalog at work: resources and playbooks compiled, what wakes them, what they ask and say."""
