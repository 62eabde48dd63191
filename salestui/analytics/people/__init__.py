"""The team rep by rep: what each does and reaches beside the others, and how new ones come up."""
