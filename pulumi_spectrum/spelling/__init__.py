"""How text is spelled: when two values mean the same, the two names of a property, and what is safe to show."""
