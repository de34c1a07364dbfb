"""One module for each kind of resource, named as its key, with its sample as `SAMPLE`."""
