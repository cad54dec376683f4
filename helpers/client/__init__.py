"""What people told us: client.yml and its answers, forms over them, and decisions."""
