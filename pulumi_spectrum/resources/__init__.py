"""What a program declares: one file per resource. Nothing here loads more than Pulumi itself."""
