"""One operation's request and its answers: parameters and their styles, bodies and their media
types, XML. Imports the rest of `lower` but `operations`.
"""
