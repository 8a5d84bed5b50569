"""From jobs to files: outcomes through the cache or the pipeline, what would change on disk, diffs,
and writing. Imports `plan` and `terminal`.
"""
