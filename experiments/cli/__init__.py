"""The command `behaviours`, a subcommand a file. Nothing slow is imported before a command needs it."""
