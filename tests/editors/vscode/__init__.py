"""Visual Studio Code: the extension's files that follow from the server's, and the extension in the real program."""
