import { ApiError, fetchOrThrow, jsonFrom } from '../api-error.js';
import { rememberedSession } from '../remembered.js';
import { words } from '../words/words.js';
import { endSession, identifyBy, session } from './session.js';

/**
 * The demo's stand-in for Clerk.
 *
 * @typedef {import('./session.js').Person} Person
 * @typedef {{ user_id: string, session_id: string }} Remembered
 */

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
  identifyBy({ getToken, forgetToken, leave });
  return (await jsonFrom(await fetchOrThrow('/demo/people'))).people;
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
  const { id } = await jsonFrom(response);
  current = { user_id: userId, session_id: id };
  cached = null;
  rememberedSession.write(JSON.stringify(current));
}

function leave() {
  const id = current?.session_id;
  current = null;
  cached = null;
  rememberedSession.forget();
  if (id) fetch(`/demo/sessions/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true }).catch(() => {});
}

function forgetToken() {
  cached = null;
}

async function getToken() {
  if (!current) throw new ApiError(401, words.errors.notSignedIn);
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
    if (current !== asked) throw new ApiError(401, words.errors.notSignedIn);
    await reopenSession(asked.user_id);
    jwt = await requestToken(/** @type {Remembered} */ (current).session_id);
  }
  // Whoever signed out meanwhile must not get a token back.
  if (current?.user_id !== asked.user_id) throw new ApiError(401, words.errors.notSignedIn);
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
  return (await jsonFrom(response)).jwt;
}

/**
 * From the token's own two times, since this device's clock may be wrong.
 * @param {string} jwt
 */
function lifetime(jwt) {
  const claims = JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
  return (claims.exp - claims.iat) * 1000;
}
