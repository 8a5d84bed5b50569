"""Sending and receiving: the HTTP library, deadlines, retries, decoding, server-sent events.

Imports from the package: errors, contract, basics, records, arguments, request.
"""
