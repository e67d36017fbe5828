// The pages for login, consent and devices, which Better Auth leaves to the application. A browser
// would send these requests from a script of the page.

const field = (name, value) => `<input type="hidden" name="${name}" value="${value.replaceAll('&', '&amp;')}">`;
const form = (fields) => `<!DOCTYPE html><form method="post">${fields}<button>Continue</button></form>`;
const credentials = '<input name="username"><input name="password" type="password">';

export function pages(auth, { origin, path }) {
  // Calls an endpoint of Better Auth with the cookie of the browser.
  const call = (endpoint, body, cookie = '') =>
    auth.handler(
      new Request(`${origin}${path}${endpoint}`, {
        method: body ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json', origin, cookie },
        body: body && JSON.stringify(body),
      }),
    );
  const signIn = ({ username, password, query }) =>
    call('/sign-in/email', { email: username, password, ...(query && { oauth_query: query }) });

  const shown = {
    '/login': (url) => credentials + field('query', url.search.slice(1)),
    '/consent': (url) => field('query', url.search.slice(1)),
    '/device': (url) => credentials + field('user_code', url.searchParams.get('user_code') ?? ''),
  };
  const submitted = {
    '/login': signIn,
    '/consent': ({ query }, cookie) => call('/oauth2/consent', { accept: true, oauth_query: query }, cookie),
    '/device': async (fields) => {
      const session = (await signIn(fields)).headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
      await call(`/device?user_code=${encodeURIComponent(fields.user_code)}`, undefined, session);
      return call('/device/approve', { userCode: fields.user_code }, session);
    },
  };

  return async (request, response) => {
    const url = new URL(request.url, origin);
    if (!(url.pathname in shown)) {
      response.writeHead(404).end();
    } else if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(form(shown[url.pathname](url)));
    } else {
      const fields = Object.fromEntries(new URLSearchParams((await request.toArray()).join('')));
      const result = await submitted[url.pathname](fields, request.headers.cookie);
      const { url: target, redirect_uri: callback } = await result.json();
      const location = target ?? callback;
      response.writeHead(location ? 302 : result.status, {
        'set-cookie': result.headers.getSetCookie(),
        ...(location && { location }),
      });
      response.end('done');
    }
  };
}
