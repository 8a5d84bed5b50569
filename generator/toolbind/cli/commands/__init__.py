"""One file for each command; `toolbind.cli.main` holds the table of them."""
