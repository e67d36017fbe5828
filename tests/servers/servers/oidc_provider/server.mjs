// An authorization server as the documentation of oidc-provider builds one. The argument is a JSON
// file: issuer, path, port, keys, clients, and `tls` if the server has to terminate TLS. The login pages are
// those that come with the package.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2]));
const clients = new Map(settings.clients.map((client) => [client.registration.client_id, client]));
const registered = ({ registration }) => ({
  ...registration,
  grant_types: [
    'authorization_code',
    'client_credentials',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
});

/** The certificate that the client presented in the handshake of TLS. */
function certificateOf(context) {
  const { raw } = context.socket.getPeerCertificate?.() ?? {};
  return raw && new X509Certificate(raw);
}

const provider = new Provider(settings.issuer, {
  clients: settings.clients.map(registered),
  jwks: JSON.parse(readFileSync(settings.keys)),
  cookies: { keys: ['a-key-of-the-tests'] },
  clientAuthMethods: ['client_secret_basic', 'tls_client_auth'],
  scopes: ['openid', 'offline_access', 'items:read', 'items:write'],
  issueRefreshToken: () => true,
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    jwtIntrospection: { enabled: true },
    revocation: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: (context) => certificateOf(context)?.toString(),
      certificateAuthorized: (context) => context.socket.authorized,
      certificateSubjectMatches: (context, property, expected) =>
        property === 'tls_client_auth_subject_dn' && certificateOf(context).subject === expected,
    },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (context, resource, { clientId }) => ({
        scope: 'items:read items:write',
        audience: resource,
        accessTokenFormat: clients.get(clientId).format,
        accessTokenTTL: clients.get(clientId).seconds,
        jwt: { sign: { alg: clients.get(clientId).algorithm } },
      }),
    },
  },
});
provider.proxy = true;

function server(listener) {
  if (!settings.tls) {
    return http.createServer(listener);
  }
  const certificate = readFileSync(settings.tls.certificate);
  const clientAuthorities = readFileSync(settings.tls.clients);
  const options = { cert: certificate, key: certificate, ca: clientAuthorities };
  return https.createServer({ ...options, requestCert: true, rejectUnauthorized: false }, listener);
}

// The path of the issuer is cut off before the provider sees the request, as a framework does that
// mounts the provider below a path.
const answer = provider.callback();
server((request, response) => {
  if (!request.url.startsWith(settings.path)) {
    response.writeHead(404).end();
    return;
  }
  request.originalUrl = request.url;
  request.url = request.url.slice(settings.path.length) || '/';
  answer(request, response);
}).listen(settings.port, '127.0.0.1');
