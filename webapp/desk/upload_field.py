"""A file in a form of the desk. It goes as a plain form: what HTMX sends has no files."""

from flask import request
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from webapp.rules.roll_values import shown

NAME_ROOM = 255  # signs of a file's name


def _a_file(_form: object, field: Field) -> None:
    sent = request.files.get(field.name)
    name = (sent.filename if sent else None) or ""
    if sent is not None:
        with sent.stream as stream:  # a large one is a file of the machine's meanwhile
            field.content = stream.read() if name else b""
    if not field.content:
        raise StopValidation("desk_missing_file")
    field.file_name = shown(name.replace("\\", "/").rpartition("/")[2], NAME_ROOM)


class UploadField(StringField):
    """`content`: the file's bytes, `file_name` its name without folders."""

    def __init__(self, label: str, **kwargs: object):
        super().__init__(label, [_a_file], **kwargs)
        self.content, self.file_name = b"", ""
        self.flags.required = True
