"""What holds for a whole document: names, the user's selection, wishes in `x-toolbind`, servers,
URLs, paths, and security schemes. Imports `lower.unsupported` and what lies below `lower`.
"""
