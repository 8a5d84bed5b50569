"""One API: its description, credentials, clients for both ways of waiting, results of calls.

Imports from the package: everything but ai, conversation and api.
"""
