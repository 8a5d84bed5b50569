"""What a tool costs, and making it smaller until it fits: tokens, steps that shorten, the budget.
Imports `diagnostics` only.
"""
