"""Mutants: small wrong changes of the code, each of which some test is to notice."""
