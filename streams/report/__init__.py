"""Whether help helps: figures per playbook and community, with intervals that hold however often one looks."""
