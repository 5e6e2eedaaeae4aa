"""`train bench`: ours and its peers side by side on this machine."""
