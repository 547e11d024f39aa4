"""One community: what its members say together; questions, heat, troubles, peers; bounded and forgotten."""
