"""What stands on a person's home page."""


def todos(client, address: str = "/") -> list:
    return client.get(address).context["todos"]
