"""The command line, and the run of the groups."""
