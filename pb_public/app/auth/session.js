import { ApiError, fetchOrThrow } from '../api-error.js';
import { rememberedSession } from '../remembered.js';
import { createStore } from '../store.js';

/**
 * Who is signed in, by the demo's stand-in for Clerk. The rest of the page
 * knows only `session`, `getToken`, `forgetToken` and `signOut`, so that
 * ClerkJS can take this module's place.
 *
 * @typedef {{ id: string, name: string, email: string, image_url: string }} Person
 * @typedef {{ user_id: string, session_id: string }} Remembered
 */

/** @type {import('../store.js').Store<{ person: Person | null, farewell: string }>} */
export const session = createStore({ person: null, farewell: '' });

/** A token is renewed this long before it runs out, for the request's own travel. */
const MARGIN_MS = 10_000;

/** @type {Remembered | null} */
let current = null;
/** @type {{ jwt: string, until: number } | null} */
let cached = null;
/** @type {Promise<string> | null} */
let renewing = null;

const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** @returns {Promise<Person[]>} */
export async function loadPeople() {
  const response = await fetchOrThrow('/demo/people');
  return (await response.json()).people;
}

/**
 * Takes up the session this tab had before a reload.
 * @param {Person[]} people
 */
export function resume(people) {
  const raw = rememberedSession.read();
  if (!raw) return;
  try {
    /** @type {Remembered} */
    const remembered = JSON.parse(raw);
    const person = people.find((p) => p.id === remembered.user_id);
    if (!person || !remembered.session_id) throw new Error('nobody we know');
    current = remembered;
    session.set({ person });
  } catch {
    rememberedSession.forget();
  }
}

/** @param {Person} person */
export async function signIn(person) {
  await openSession(person.id);
  session.set({ person, farewell: '' });
}

/** @param {string} userId */
async function openSession(userId) {
  const response = await fetchOrThrow('/demo/sessions', {
    method: 'POST', headers: JSON_HEADERS, body: JSON.stringify({ user_id: userId }),
  });
  const { id } = await response.json();
  current = { user_id: userId, session_id: id };
  cached = null;
  rememberedSession.write(JSON.stringify(current));
}

/** Signs out here at once, and at the server as soon as it hears of it. */
export function signOut() {
  const id = current?.session_id;
  leave('');
  if (id) fetch(`/demo/sessions/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true }).catch(() => {});
}

/**
 * The server no longer takes this person's tokens.
 * @param {string} farewell the reason, for the sign-in page
 */
export function endSession(farewell) {
  leave(farewell);
}

/** @param {string} farewell */
function leave(farewell) {
  current = null;
  cached = null;
  rememberedSession.forget();
  session.set({ person: null, farewell });
}

/** Makes the next getToken ask for a new one. */
export function forgetToken() {
  cached = null;
}

/** @returns {Promise<string>} a session token that is good for some seconds yet */
export async function getToken() {
  if (!current) throw new ApiError(401, 'You are not signed in.');
  if (cached && Date.now() < cached.until) return cached.jwt;
  renewing ??= renew().finally(() => { renewing = null; });
  return renewing;
}

async function renew() {
  const asked = /** @type {Remembered} */ (current);
  let jwt;
  try {
    jwt = await requestToken(asked.session_id);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    // The server has restarted and forgotten its sessions: the same person again.
    if (current !== asked) throw new ApiError(401, 'You are not signed in.');
    await reopenSession(asked.user_id);
    jwt = await requestToken(/** @type {Remembered} */ (current).session_id);
  }
  // Whoever signed out meanwhile must not get a token back.
  if (current?.user_id !== asked.user_id) throw new ApiError(401, 'You are not signed in.');
  cached = { jwt, until: Date.now() + lifetime(jwt) - MARGIN_MS };
  return jwt;
}

/** @param {string} userId */
async function reopenSession(userId) {
  try {
    await openSession(userId);
  } catch (error) {
    if (error instanceof ApiError && !error.passing) endSession(error.message);
    throw error;
  }
}

/** @param {string} id */
async function requestToken(id) {
  const response = await fetchOrThrow(`/demo/sessions/${encodeURIComponent(id)}/tokens`, { method: 'POST' });
  return (await response.json()).jwt;
}

/**
 * From the token's own two times, since this device's clock may be wrong.
 * @param {string} jwt
 */
function lifetime(jwt) {
  const claims = JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
  return (claims.exp - claims.iat) * 1000;
}
