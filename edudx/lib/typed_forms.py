"""Every form of the project, the libraries' and the administration's too, reads through one door.

The setting FORM_RENDERER names `Renderer`; Django asks it how each box of a form is read.
"""

from typing import Any

from django.forms import BoundField, PasswordInput, Textarea
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget

from .text import one_line, typed


class TypedField(BoundField):
    """A box whose text is cleaned before its field sees it: of several lines, or of one.

    A password is no text: each of its characters counts. What is chosen was not typed.
    """

    @property
    def data(self) -> Any:
        found = super().data
        if isinstance(self.field.widget, PasswordInput | ChoiceWidget):
            return found
        clean = typed if isinstance(self.field.widget, Textarea) else one_line
        if isinstance(found, list):  # a box of several boxes: a day and an hour
            return [clean(one) if isinstance(one, str) else one for one in found]
        return clean(found) if isinstance(found, str) else found


class Renderer(DjangoTemplates):
    bound_field_class = TypedField
