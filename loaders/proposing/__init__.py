"""A mapping proposed from a file: what its headers and values say, which records they allow, what a person has to decide."""
