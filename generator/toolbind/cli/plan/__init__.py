"""From flags and settings to what is to be done: the table of settings, its flags, the jobs of a
run, and the documents that they name. Imports `terminal`.
"""
