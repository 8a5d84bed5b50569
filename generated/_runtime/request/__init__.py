"""From arguments to the bytes of a request, without I/O: styles, places, bodies, URLs.

Imports from the package: errors, contract, basics, records, arguments.
"""
