"""Text, secrets, JSON values, JSON as models write it, near misses.

Imports from the package: errors, contract.
"""
