// The script of the page. It never sees a token: the browser sends the cookie of the session, and
// the backend exchanges it for the token and renews the token.
'use strict';

const element = (id) => document.getElementById(id);
const VIEWS = ['loading', 'signed-out', 'ended', 'forbidden', 'unavailable', 'notes'];

/** The number of the present state of the page. Answers to requests of an earlier state are ignored. */
let visit = 0;
/** The number of the last request for the notes, whose answer is shown. */
let lastList = 0;
/** True if this document has shown notes, so that the end of the session is told as such. */
let hasShownNotes = false;
/** The websocket that tells of changes. */
let changes = null;

/** A reason to leave the view of the notes: the name of another view. */
class Leave extends Error {
  constructor(view) {
    super(view);
    this.view = view;
  }
}

/** Shows one view. Every view but that of the notes removes the notes from the document. */
function show(view) {
  for (const id of VIEWS) element(id).hidden = id !== view;
  if (view === 'notes') {
    hasShownNotes = true;
  } else {
    element('list').replaceChildren();
    element('subject').textContent = '';
    element('text').value = '';
    element('refused').hidden = true;
  }
  if (view !== 'notes' && view !== 'loading') closeChanges();
}

/** Calls the API. Returns the response, or throws the view that the response demands. */
async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Leave('unavailable');
  }
  if (response.status === 401) throw new Leave(await viewWithoutSession(response));
  if (response.status === 403) throw new Leave('forbidden');
  if (response.status >= 500 && response.status !== 507) throw new Leave('unavailable');
  return response;
}

async function viewWithoutSession(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.code === 'session_ended' || hasShownNotes ? 'ended' : 'signed-out';
}

/** Asks for the session and its notes, and shows them. */
async function start() {
  const current = ++visit;
  try {
    const session = await (await call('/session')).json();
    if (current !== visit) return;
    if (!session.signed_in) return show(hasShownNotes ? 'ended' : 'signed-out');
    await showNotes(current, session.subject);
    if (current === visit) openChanges();
  } catch (error) {
    if (current === visit) leave(error);
  }
}

async function showNotes(current, subject) {
  const list = ++lastList;
  const notes = await (await call('/api/notes')).json();
  if (current !== visit || list !== lastList) return;
  const items = notes.map((note) => {
    const item = document.createElement('li');
    item.textContent = note.text;
    return item;
  });
  element('list').replaceChildren(...items);
  if (subject) element('subject').textContent = subject;
  show('notes');
}

/** Shows the view of an error. A mistake of this script counts as an unavailable API. */
function leave(error) {
  if (!(error instanceof Leave)) console.error(error);
  show(error instanceof Leave ? error.view : 'unavailable');
}

function closeChanges() {
  changes?.close();
  changes = null;
}

/** Opens the websocket. It ends with the token; the next one has a renewed token. */
function openChanges() {
  closeChanges();
  const opened = Date.now();
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/changes`);
  changes = socket;
  socket.addEventListener('message', () => reload());
  socket.addEventListener('close', () => {
    if (changes !== socket) return;
    changes = null;
    // A websocket that cannot be opened is tried again slowly.
    setTimeout(() => { if (!element('notes').hidden) start(); }, Date.now() - opened > 1000 ? 0 : 5000);
  });
}

async function reload() {
  const current = visit;
  try {
    await showNotes(current);
  } catch (error) {
    if (current === visit) leave(error);
  }
}

async function add(event) {
  event.preventDefault();
  const current = visit;
  const field = element('text');
  try {
    const response = await call('/api/notes', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: field.value }),
    });
    if (current !== visit) return;
    element('refused').hidden = response.ok;
    if (!response.ok) return;
    field.value = '';
    await showNotes(current);
  } catch (error) {
    if (current === visit) leave(error);
  }
}

/** Ends the session here, and then at the provider. */
async function signOut() {
  visit += 1;
  show('loading');
  try {
    const response = await call('/logout', { method: 'POST' });
    location.assign((await response.json()).location);
  } catch (error) {
    leave(error);
  }
}

// A form would not do: `form-action 'self'` also applies to the redirect to the provider.
element('sign-in').addEventListener('click', () => location.assign('/login?return_to=%2F'));
element('retry').addEventListener('click', () => { show('loading'); start(); });
element('sign-out').addEventListener('click', signOut);
element('new').addEventListener('submit', add);

// The back button may show the document as it was, although the session has ended since.
window.addEventListener('pagehide', () => show('loading'));
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  show('loading');
  start();
});

show('loading');
start();
