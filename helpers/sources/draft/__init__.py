"""From a folder of exports to a client.yml: look at every file, guess what it is, read it with that guess, ask what is left."""
