// Drives openid-client against the example `payments-api`: pushed requests, DPoP with nonces, authorization details,
// and a stronger authentication when the API demands one.
import * as client from 'openid-client'
import { signIn } from './browser.mjs'
import { check, failure } from './report.mjs'

const id = 'f2c0e9a4-7f3e-4f43-9a55-1f3c5d1f7a10'
const order = {
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
  creditorAccount: { iban: 'DE02100100109307118603' },
}
const consent = { type: 'payment_initiation', actions: ['initiate', 'status'], identifier: id, ...order }

/** Returns the flows of the client at the authorization server and the API of the example. */
export async function paymentFlows(issuer, api) {
  const config = await client.discovery(
    new URL(issuer), 'payments-client', undefined, client.ClientSecretBasic('a development secret'),
    { execute: [client.allowInsecureRequests] },
  )
  let demandedNonces = 0
  config[client.customFetch] = async (...request) => {
    const response = await fetch(...request)
    if (/error="use_dpop_nonce"/.test(response.headers.get('www-authenticate'))) demandedNonces += 1
    return response
  }

  const newKey = async () => client.getDPoPHandle(config, await client.randomDPoPKeyPair())

  /** Asks for a token that is bound to a key, by a pushed request. */
  async function token(key, parameters) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const expectedState = client.randomState()
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: 'http://127.0.0.1:9/callback',
      resource: api,
      state: expectedState,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...parameters,
    }, { DPoP: key })
    check(url.searchParams.has('request_uri') && !url.searchParams.has('scope'), `not pushed: ${url}`)
    const callback = await signIn(issuer, url)
    const checks = { pkceCodeVerifier, expectedState }
    const tokens = await client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP: key })
    check(tokens.token_type === 'dpop', `the type of the token is ${tokens.token_type}`)
    return tokens.access_token
  }

  function call(key, accessToken, path, method = 'GET', document = undefined) {
    const headers = new Headers(document && { 'content-type': 'application/json' })
    const body = document && JSON.stringify(document)
    return client.fetchProtectedResource(config, accessToken, new URL(path, api), method, body, headers, { DPoP: key })
  }

  const accounts = { scope: 'accounts:read' }

  /** Returns a token that the API accepts with a proof of the key. */
  async function acceptedToken(key) {
    const accessToken = await token(key, accounts)
    const answer = await call(key, accessToken, 'api/accounts')
    check(answer.status === 200, `the API answers ${answer.status}`)
    return accessToken
  }

  /** Returns the parameters of the challenge with the scheme DPoP in a response that the client reports as an error. */
  async function challenge(action, status) {
    const error = await failure(action)
    check(error.status === status, `refused for another reason: ${error.status} ${error.message}`)
    const found = error.cause.filter(({ scheme }) => scheme === 'dpop')
    check(found.length === 1 && found[0].parameters.algs.includes('ES256'), JSON.stringify(error.cause))
    return found[0].parameters
  }

  return {
    'DPoP': async () => acceptedToken(await newKey()),
    'DPoP, nonce': async () => {
      const before = demandedNonces
      const key = await newKey()
      const again = await call(key, await acceptedToken(key), 'api/accounts')
      check(again.status === 200, `the API answers ${again.status}`)
      check(demandedNonces === before + 1, `${demandedNonces - before} requests were refused because of the nonce`)
    },
    'DPoP, wrong key': async () => {
      const accessToken = await acceptedToken(await newKey())
      const other = await newKey()
      const { error } = await challenge(() => call(other, accessToken, 'api/accounts'), 401)
      check(error === 'invalid_token', `another error: ${error}`)
    },
    'DPoP, as bearer': async () => {
      const accessToken = await acceptedToken(await newKey())
      await challenge(() => call(undefined, accessToken, 'api/accounts'), 401)
    },
    'payment': async () => {
      const key = await newKey()
      const [{ iban }] = await (await call(key, await token(key, accounts), 'api/accounts')).json()
      const payment = { debtorAccount: { iban }, ...order }
      const wanted = { scope: 'payments:write', authorization_details: JSON.stringify([consent]) }
      const weak = await token(key, wanted)
      const { error, acr_values, max_age } = await challenge(
        () => call(key, weak, `api/payments/${id}`, 'PUT', payment), 401,
      )
      check(error === 'insufficient_user_authentication', `another error: ${error}`)
      const strong = await token(key, { ...wanted, acr_values, max_age })
      const made = await call(key, strong, `api/payments/${id}`, 'PUT', payment)
      check(made.status === 201, `the API answers ${made.status} ${await made.text()}`)
      const dearer = { ...payment, instructedAmount: { currency: 'EUR', amount: '923.50' } }
      const refused = await call(key, strong, `api/payments/${id}`, 'PUT', dearer)
      check(refused.status === 403, `another amount: the API answers ${refused.status}`)
    },
  }
}
