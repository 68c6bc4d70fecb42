"""Authlib against the service: metadata, token, signature, a call, introspection, revocation, refusals.

    with_authlib.py ADDRESS CLIENT_ID CLIENT_SECRET
"""

import sys

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from joserfc import jwt
from joserfc.jwk import KeySet

address, client_id, client_secret = sys.argv[1:]


def expect(holds, what):
    if not holds:
        sys.exit(f"Authlib: {what}")


def refused(error, ask):
    try:
        ask()
    except OAuthError as refusal:
        expect(refusal.error == error, f"{refusal.error} instead of {error}")
    else:
        expect(False, f"no {error}")


metadata = requests.get(get_well_known_url(address, external=True), timeout=10).json()
server = AuthorizationServerMetadata(metadata)
expect(server.issuer == address, f"the issuer is {server.issuer}")
# Authlib wants HTTPS everywhere else; here the service is on this machine.
server.validate_grant_types_supported()
server.validate_token_endpoint_auth_methods_supported()
token_endpoint = server["token_endpoint"]

for method in server["token_endpoint_auth_methods_supported"]:

    def client(secret=client_secret, **options):
        return OAuth2Session(client_id, secret, token_endpoint_auth_method=method, **options)

    session = client(scope="units:read")
    token = session.fetch_token(token_endpoint, grant_type="client_credentials")
    expect(token["scope"] == "units:read", f"scope {token['scope']}")

    keys = KeySet.import_key_set(requests.get(server["jwks_uri"], timeout=10).json())
    decoded = jwt.decode(token["access_token"], keys, algorithms=["EdDSA", "Ed25519"])
    expect(decoded.header["typ"] == "at+jwt", f"typ {decoded.header}")
    expect(decoded.claims["client_id"] == client_id, f"claims {decoded.claims}")

    api = f"{address}/api/v1"
    expect(session.get(f"{api}/units").status_code == 200, "the token opens nothing")
    expect(session.get(f"{api}/clusters").status_code == 403, "the token opens too much")

    def introspect():
        answer = session.introspect_token(server["introspection_endpoint"], token["access_token"])
        return answer.json()

    expect(introspect()["active"], "the token is not active")
    answer = session.revoke_token(server["revocation_endpoint"], token["access_token"])
    expect(answer.status_code == 200, f"revocation: {answer.status_code}")
    expect(introspect() == {"active": False}, "the revoked token is active")
    expect(session.get(f"{api}/units").status_code == 401, "the revoked token opens something")

    ask = dict(url=token_endpoint, grant_type="client_credentials")
    refused("invalid_client", lambda: client("wrong").fetch_token(**ask))
    refused("invalid_scope", lambda: client(scope="audit:read").fetch_token(**ask))
    refused("unsupported_grant_type", lambda: client().fetch_token(token_endpoint, grant_type="implicit"))

print("Authlib: metadata, token, signature, call, introspection, revocation and refusals, in both ways of credentials")
