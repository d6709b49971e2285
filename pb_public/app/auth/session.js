import { ApiError } from '../api-error.js';
import { rememberFor } from '../remembered.js';
import { createStore } from '../store.js';
import { words } from '../words/words.js';

/**
 * Who is signed in. The rest of the page knows only this module, whichever way
 * people sign in: with Clerk, or in the demo with a stand-in for it.
 *
 * @typedef {{ id: string, name: string, email: string, image_url: string }} Person
 * @typedef {{
 *   getToken: () => Promise<string>,
 *   forgetToken: () => void,
 *   leave: () => void,
 * }} Identity getToken gives a session token that is good for some seconds yet,
 *   forgetToken makes the next one a new one, leave ends the session where it began
 */

/**
 * `farewell` is why somebody is signed out who did not ask for it.
 * @type {import('../store.js').Store<{ person: Person | null, farewell: string }>}
 */
export const session = createStore({ person: null, farewell: '' });

session.subscribe(() => rememberFor(session.get().person?.id ?? ''));

/** @type {Identity | null} */
let identity = null;

/** @param {Identity} way */
export function identifyBy(way) {
  identity = way;
}

/** @returns {Promise<string>} */
export async function getToken() {
  if (!identity || !session.get().person) throw new ApiError(401, words.errors.notSignedIn);
  return identity.getToken();
}

/** Makes the next getToken ask for a new one. */
export function forgetToken() {
  identity?.forgetToken();
}

export function signOut() {
  endSession('');
}

/**
 * Signs out here at once, and where the session began as soon as it hears of it.
 * @param {string} farewell the reason, for the sign-in page: the server no longer
 *   takes this person's tokens
 */
export function endSession(farewell) {
  if (!session.get().person) return;
  identity?.leave();
  session.set({ person: null, farewell });
}
