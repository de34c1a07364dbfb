"""When two spellings mean the same: URLs, phone numbers, names, e-mail addresses, and the names of properties."""
