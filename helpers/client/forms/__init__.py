"""Forms for the workshop, over the answers of client.yml; imported only where a person works by hand."""
