"""Serve from the bootstrap-wrapper package just the one file the portal uses."""

from importlib.metadata import distribution

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage


class BootstrapFinder(BaseFinder):
    """Finds `bootstrap.min.css` at its place in the installed package."""

    NAME = "bootstrap.min.css"

    def __init__(self, *args, **kwargs) -> None:
        folder = distribution("bootstrap-wrapper").locate_file("bootstrap/css")
        self.storage = FileSystemStorage(location=str(folder))

    def check(self, **kwargs) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs):
        if path != self.NAME:
            return []
        return [self.storage.path(path)] if find_all else self.storage.path(path)

    def list(self, ignore_patterns):
        yield self.NAME, self.storage
