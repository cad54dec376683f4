"""What every room may use: errors, results, words, files, records, and where clients live."""
