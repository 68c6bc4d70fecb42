// openid-client against the service: metadata, token, signature, a call, introspection, revocation, refusals.
//   with_openid_client.mjs ADDRESS CLIENT_ID CLIENT_SECRET
import assert from 'node:assert/strict'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'openid-client'

const [address, id, secret] = process.argv.slice(2)
// The service is on this machine, without HTTPS.
const options = { algorithm: 'oauth2', execute: [oauth.allowInsecureRequests] }
const discover = (authentication) => oauth.discovery(new URL(address), id, undefined, authentication, options)

async function refused(error, ask) {
  await assert.rejects(ask, (refusal) => {
    assert.equal(refusal.error, error)
    return true
  })
}

for (const way of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
  const config = await discover(way(secret))
  const server = config.serverMetadata()
  assert.equal(server.issuer, address)
  const token = await oauth.clientCredentialsGrant(config, { scope: 'units:read' })
  assert.equal(token.scope, 'units:read')

  const keys = createRemoteJWKSet(new URL(server.jwks_uri))
  const { payload } = await jwtVerify(token.access_token, keys, { issuer: address, audience: 'liendoan', typ: 'at+jwt' })
  assert.equal(payload.client_id, id)

  const status = async (path) => {
    const url = new URL(`/api/v1${path}`, address)
    try {
      return (await oauth.fetchProtectedResource(config, token.access_token, url, 'GET')).status
    } catch (refusal) {
      return refusal.status
    }
  }
  assert.equal(await status('/units'), 200)
  assert.equal(await status('/clusters'), 403)
  assert.equal((await oauth.tokenIntrospection(config, token.access_token)).active, true)
  await oauth.tokenRevocation(config, token.access_token)
  assert.deepEqual(await oauth.tokenIntrospection(config, token.access_token), { active: false })
  assert.equal(await status('/units'), 401)

  await refused('invalid_scope', () => oauth.clientCredentialsGrant(config, { scope: 'audit:read' }))
  await refused('unsupported_grant_type', () => oauth.genericGrantRequest(config, 'password', { username: 'a' }))
  const stranger = await discover(way('wrong'))
  await refused('invalid_client', async () => {
    try {
      await oauth.clientCredentialsGrant(stranger)
    } catch (refusal) {
      // A 401 with a challenge arrives as that; its body is in the response.
      if (refusal.error) throw refusal
      assert.equal(refusal.cause?.[0]?.scheme, 'basic')
      throw await refusal.response.json()
    }
  })
}

console.log('openid-client: metadata, token, signature, call, introspection, revocation and refusals, in both ways of credentials')
