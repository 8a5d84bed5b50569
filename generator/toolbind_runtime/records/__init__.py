"""Plain data of a conversation: questions, answers, tool calls and results, runs.

Imports from the package: errors, contract, basics.
"""
