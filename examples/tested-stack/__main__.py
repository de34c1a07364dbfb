"""The program: everything it declares is in a function, so that tests can run it."""

from infrastructure import declare

declare()
