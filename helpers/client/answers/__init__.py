"""The answers of client.yml: read and written without losing a comment, checked as one types."""
