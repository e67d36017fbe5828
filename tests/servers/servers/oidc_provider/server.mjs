// An authorization server as the documentation of oidc-provider builds one. The argument is a JSON
// file: issuer, path, port, keys, clients. The login pages are those that come with the package.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2]));
const clients = new Map(settings.clients.map((client) => [client.client_id, client]));
const registered = ({ client_id, client_secret, redirect_uris }) => ({
  client_id,
  client_secret,
  redirect_uris,
  grant_types: [
    'authorization_code',
    'client_credentials',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
});

const provider = new Provider(settings.issuer, {
  clients: settings.clients.map(registered),
  jwks: JSON.parse(readFileSync(settings.keys)),
  cookies: { keys: ['a-key-of-the-tests'] },
  scopes: ['openid', 'offline_access', 'items:read', 'items:write'],
  issueRefreshToken: () => true,
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (context, resource, { clientId }) => ({
        scope: 'items:read items:write',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: clients.get(clientId).seconds,
        jwt: { sign: { alg: clients.get(clientId).algorithm } },
      }),
    },
  },
});
provider.proxy = true;

// The path of the issuer is cut off before the provider sees the request, as a framework does that
// mounts the provider below a path.
const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith(settings.path)) {
    response.writeHead(404).end();
    return;
  }
  request.originalUrl = request.url;
  request.url = request.url.slice(settings.path.length) || '/';
  answer(request, response);
}).listen(settings.port, '127.0.0.1');
