"""The face for editors: what the Language Server Protocol asks, handed to the core and back.

`translation` and `protocol` alone turn LSP's types into the core's; every other module passes them on.
"""
