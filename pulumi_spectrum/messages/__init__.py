"""What is shown when something fails: what failed, where, and the command or setting that mends it.

Providers, look-ups and commands take their messages from here. What is true of one kind of resource alone stands in the
kind's own file, and is passed in.
"""
