"""A mail server of the tests' own."""

import asyncio
import email
import email.message
import email.policy
import socket
import threading
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Mailbox:
    """A real mail server and what it took; `answer` is what it says to every recipient, `answers`
    to some of them instead.

    Addresses in `refused` it never takes. While `gate` is closed nobody gets an answer.
    """

    def __init__(self) -> None:
        self.letters: list[email.message.EmailMessage] = []
        self.refused: set[str] = set()
        self.answer = "250 OK"
        self.answers: dict[str, str] = {}
        self.gate = threading.Event()
        self.gate.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.to_thread(self.gate.wait)
        if address in self.refused:
            return "550 no such mailbox"
        answer = self.answers.get(address, self.answer)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(letter)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def open_mailbox(port: int):
    """The server listens while the block runs."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        box.gate.set()
        server.stop()
