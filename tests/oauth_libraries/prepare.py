"""Opens the first account by its invitation and makes an account of another system: prints id and secret.

    prepare.py ADDRESS INVITATION
"""

import json
import sys
import urllib.request

address, invitation = sys.argv[1:]
PASSWORD = "gió mùa đông bắc thổi qua ngõ nhỏ 1987"


def post(path, body, **headers):
    data = None if body is None else json.dumps(body).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{address}/api/v1{path}", data, headers, method="POST")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


post("/invitations:accept", {"token": invitation, "password": PASSWORD})
session = post("/sessions", {"name": "admin", "password": PASSWORD})
bearer = {"Authorization": f"Bearer {session['access_token']}"}
account = post(
    "/service_accounts",
    {"name": "Cổng dữ liệu", "unit": None, "scopes": ["units:read", "clusters:read"]},
    **bearer,
)
secret = post(f"/service_accounts/{account['id']}/secrets", None, If_Match='"1"', **bearer)
print(account["client_id"], secret["secret"])
