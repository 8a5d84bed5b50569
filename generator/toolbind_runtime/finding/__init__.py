"""Finding the tools that a request needs, among many: `ranker.Finder`. Imports nothing here."""
