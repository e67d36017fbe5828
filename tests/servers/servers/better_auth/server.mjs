// An application that uses Better Auth as its authorization server. The argument is a JSON file with
// the settings. After the start the program writes the credentials of its clients to `credentials`.

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import {
  DEVICE_CODE_GRANT_TYPE,
  oauthDeviceAuthorization,
  oauthProvider,
  oauthProviderOpenIdConfigMetadata,
} from '@better-auth/oauth-provider';
import { pages } from './pages.mjs';

const settings = JSON.parse(readFileSync(process.argv[2]));
const scopes = ['openid', 'offline_access', 'items:read', 'items:write', 'brief'];

// The keys of the file in the form of the table of keys. The newest stands first.
function keys() {
  return JSON.parse(readFileSync(settings.keys)).keys.map((key, index) => {
    const { d, p, q, dp, dq, qi, ...publicKey } = key;
    return {
      id: key.kid,
      alg: key.alg,
      crv: key.crv,
      publicKey: JSON.stringify(publicKey),
      privateKey: JSON.stringify(key),
      createdAt: new Date(Date.now() - 1000 * index),
    };
  });
}

const tables = [
  'user', 'session', 'account', 'verification', 'jwks', 'deviceCode', 'oauthClient', 'oauthResource',
  'oauthClientResource', 'oauthAccessToken', 'oauthRefreshToken', 'oauthConsent', 'oauthClientAssertion',
];
const auth = betterAuth({
  baseURL: settings.origin,
  basePath: settings.path,
  secret: 'a-secret-of-the-tests-with-32-octets',
  database: memoryAdapter(Object.fromEntries(tables.map((table) => [table, []]))),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    jwt({
      disableSettingJwtHeader: true,
      adapter: { getJwks: async () => keys() },
      jwks: { disablePrivateKeyEncryption: true, keyPairConfig: { alg: settings.algorithm } },
    }),
    oauthProvider({
      loginPage: '/login',
      consentPage: '/consent',
      scopes,
      scopeExpirations: { brief: `${settings.briefSeconds}s` },
      resources: settings.audiences.map((identifier) => ({ identifier, allowedScopes: scopes })),
      enforcePerClientResources: false,
      clientPrivileges: () => true,
      grantTypes: ['authorization_code', 'client_credentials', 'refresh_token', DEVICE_CODE_GRANT_TYPE],
      silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
    }),
    oauthDeviceAuthorization({ verificationUri: '/device' }),
  ],
});

// A client is registered by a user who is signed in.
const { headers } = await auth.api.signUpEmail({
  body: { name: 'Alice', email: settings.user, password: settings.password },
  returnHeaders: true,
});
const client = await auth.api.adminCreateOAuthClient({
  headers: { cookie: headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') },
  body: {
    redirect_uris: [settings.redirect],
    scope: scopes.join(' '),
    client_credentials_scopes: ['items:read', 'items:write', 'brief'],
    grant_types: ['authorization_code', 'client_credentials', 'refresh_token', DEVICE_CODE_GRANT_TYPE],
    token_endpoint_auth_method: 'client_secret_basic',
  },
});

const metadata = oauthProviderOpenIdConfigMetadata(auth);
const answer = toNodeHandler(auth);
const page = pages(auth, settings);
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, settings.origin);
  if (pathname === `${settings.path}/.well-known/openid-configuration`) {
    const found = await metadata(new Request(settings.origin + pathname));
    response.writeHead(found.status, { 'content-type': 'application/json' }).end(await found.text());
  } else if (pathname.startsWith(`${settings.path}/`)) {
    answer(request, response);
  } else {
    page(request, response);
  }
}).listen(settings.port, '127.0.0.1', () => {
  writeFileSync(settings.credentials, JSON.stringify([client.client_id, client.client_secret]));
});
