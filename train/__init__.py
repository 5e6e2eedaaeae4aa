"""The command line and what it joins: fit, track, export, predict."""
