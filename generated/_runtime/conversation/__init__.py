"""The conversation without I/O, its drivers, approvals, limits, the tools on offer.

Imports from the package: everything but api.
"""
