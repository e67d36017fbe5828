// Drives openid-client through the flows. Usage: client.mjs ISSUER API PAYMENTS_ISSUER PAYMENTS_API
import { createHash } from 'node:crypto'
import * as client from 'openid-client'
import { signIn } from './browser.mjs'
import { paymentFlows } from './payments.mjs'
import { check, failure } from './report.mjs'

const [issuer, api, paymentsIssuer, paymentsApi] = process.argv.slice(2)
const secret = 'a secret: 100%'
// The public client has registered no port, and may use any.
const callback = { program: 'http://127.0.0.1:49152/callback', service: 'http://127.0.0.1:3000/callback' }

function discover(id, authentication, metadata) {
  const options = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] }
  return client.discovery(new URL(issuer), id, metadata, authentication, options)
}

const program = await discover('program', client.None())
const service = await discover('service', client.ClientSecretBasic(secret))
const posting = await discover('service', client.ClientSecretPost(secret))
const opaque = await discover('opaque', client.ClientSecretBasic(secret))
// The API as a client of the introspection endpoint; the second one gets signed answers.
const resource = await discover('api', client.ClientSecretBasic(secret))
const signing = await discover('signing', client.ClientSecretBasic(secret), { introspection_signed_response_alg: 'ES256' })

async function code(config, expected = {}, parameters = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback[config.clientMetadata().client_id],
    scope: 'openid items:read',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  })
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, ...expected }
  return client.authorizationCodeGrant(config, await signIn(issuer, url), checks, parameters)
}

/** Calls the API with a token and returns the status and the body. */
async function call(token) {
  const answer = await fetch(`${api}/whoami`, { headers: { authorization: `Bearer ${token}` } })
  return { status: answer.status, ...(answer.ok ? await answer.json() : {}) }
}

async function accepted(tokens, subject, id) {
  const answer = await call(tokens.access_token)
  check(answer.status === 200, `the API answers ${answer.status}`)
  check(answer.subject === subject && answer.client === id, JSON.stringify(answer))
  check(answer.scopes.includes('items:read'), 'the scope is missing')
}

async function refused(action, code) {
  const error = await failure(action)
  check(error.error === code || error.code === code, `refused for another reason: ${error.error ?? error.code} ${error.message}`)
}

async function refresh(config, id) {
  const first = await code(config)
  const second = await client.refreshTokenGrant(config, first.refresh_token)
  await accepted(second, 'bob', id)
  check(second.claims()?.sub === 'bob', 'no ID token')
  await refused(() => client.refreshTokenGrant(config, first.refresh_token), 'invalid_grant')
}

/** Returns the token of a user and an opaque one of a client, each with its client and its subject. */
async function bothKinds() {
  const opaqueTokens = await client.clientCredentialsGrant(opaque, { scope: 'items:read' })
  return [
    { config: program, subject: 'bob', token: (await code(program)).access_token },
    { config: opaque, subject: 'opaque', token: opaqueTokens.access_token },
  ]
}

const flows = {
  'client credentials': async () => {
    for (const config of [service, posting]) {
      const tokens = await client.clientCredentialsGrant(config, { scope: 'items:read' })
      await accepted(tokens, 'service', 'service')
    }
  },
  'code, public client': async () => accepted(await code(program), 'bob', 'program'),
  'code, confidential client': async () => {
    for (const config of [service, posting]) await accepted(await code(config), 'bob', 'service')
  },
  'wrong code verifier': async () => {
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    await refused(() => code(program, { pkceCodeVerifier }), 'invalid_grant')
  },
  'refresh, public client': () => refresh(program, 'program'),
  'refresh, confidential client': () => refresh(service, 'service'),
  'resource': async () => {
    const tokens = await code(program, {}, { resource: `${api}/` })
    await accepted(tokens, 'bob', 'program')
    const other = await code(program, {}, { resource: 'https://other.example.com' })
    check((await call(other.access_token)).status === 401, 'the API accepts another audience')
  },
  'ID token': async () => {
    const tokens = await code(program, { maxAge: 60 })
    const claims = tokens.claims()
    check(claims.sub === 'bob', 'another subject')
    // openid-client does not compare `at_hash` in the code flow.
    const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16)
    check(claims.at_hash === half.toString('base64url'), '`at_hash` is of another token')
    check((await call(tokens.id_token)).status === 401, 'the API accepts the ID token')
  },
  'wrong nonce': () => refused(() => code(program, { expectedNonce: 'other' }), 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'),
  'introspection': async () => {
    for (const { config, subject, token } of await bothKinds()) {
      for (const api of [resource, signing]) {
        const answer = await client.tokenIntrospection(api, token)
        check(answer.active && answer.iss === issuer && answer.sub === subject, JSON.stringify(answer))
        check(answer.client_id === config.clientMetadata().client_id, JSON.stringify(answer))
        check(answer.scope.includes('items:read'), 'the scope is missing')
        check(!(await client.tokenIntrospection(api, `${token}x`)).active, 'an unknown token is active')
      }
    }
  },
  'revocation': async () => {
    for (const { config, token } of await bothKinds()) {
      await client.tokenRevocation(config, token)
      check(!(await client.tokenIntrospection(resource, token)).active, 'a revoked token is active')
    }
  },
  'userinfo': async () => {
    const tokens = await code(program)
    const claims = await client.fetchUserInfo(program, tokens.access_token, 'bob')
    check(claims.sub === 'bob', 'another subject')
  },
}

async function report(flows) {
  for (const [name, flow] of Object.entries(flows)) {
    const outcome = await flow().then(() => 'passed', (error) => `failed: ${error.message}`.replaceAll('\n', ' '))
    console.log(`${name}\t${outcome}`)
  }
}

await report(flows)
await report(await paymentFlows(paymentsIssuer, paymentsApi))
