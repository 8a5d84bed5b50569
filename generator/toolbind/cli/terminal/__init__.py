"""What a person sees and presses: streams, colour, tables, progress, findings in words, signals,
exit codes. Imports `toolbind.diagnostics`.
"""
