"""What it costs to keep users in a stack, beside what people do today. Started by `make bench`."""
