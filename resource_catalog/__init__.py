"""Resources, playbooks, lexicons and policies as content, and the code that reads them."""
