"""What runs inside measured processes, some of it in the environments of peers."""
