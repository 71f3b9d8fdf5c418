"""The few errors that Sightline raises; each message is a sentence that says what happened and what to do."""


class SightlineError(Exception):
    """Base of every error that is meant for the person who reads it."""


class BadInput(SightlineError):
    """What the caller gave cannot be used: a path that is not there, an argument out of range."""


class ModelError(SightlineError):
    """The embedding model cannot be loaded or run; searching by words still works."""


class StoreError(SightlineError):
    """The index cannot be read or written; the working tree is never at risk."""


class OutOfReach(StoreError):
    """The index cannot be reached now, for want of memory or of LanceDB: that says nothing about what it holds."""


class Cancelled(SightlineError):
    """The caller withdrew the request."""
