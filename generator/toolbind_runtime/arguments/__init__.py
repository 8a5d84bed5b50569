"""The arguments of a tool call: read, checked, mended, explained.

Imports from the package: errors, contract, basics, records.
"""
