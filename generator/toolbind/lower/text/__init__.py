"""Words of a document on their way to a model: markup taken out, sentences chosen, injections and
lookalikes told. Imports `diagnostics` only.
"""
