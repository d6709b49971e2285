import PocketBase, { BaseAuthStore } from '../vendor/pocketbase-0.28.1.es.js';
import { ApiError, fetchOrThrow, jsonFrom } from './api-error.js';
import { endSession, forgetToken, getToken, session } from './auth/session.js';
import { words } from './words/words.js';

/** PocketBase's client, for realtime. It keeps no login of its own. */
export const pb = new PocketBase('/', new BaseAuthStore());
pb.autoCancellation(false);
pb.beforeSend = async (/** @type {string} */ url, /** @type {{ headers?: Record<string, string> }} */ options) => {
  options.headers = { ...options.headers, Authorization: await getToken() };
  return { url, options };
};

/**
 * A request as the signed-in person. A refused token is replaced once before
 * the session counts as ended. What comes when another person, or nobody, is signed
 * in is thrown away as aborted: it is none of theirs.
 * @param {string} path
 * @param {{ method?: string, signal?: AbortSignal, keepalive?: boolean, json?: object, form?: FormData }} [options] json or form is the body
 * @returns {Promise<any>} the JSON, or null where there is none
 */
export async function call(path, { json, form, ...options } = {}) {
  const body = form ?? (json && JSON.stringify(json));
  const { person } = session.get();
  const mustBeTheSame = () => {
    if (session.get().person?.id !== person?.id) throw new DOMException(words.errors.notSignedIn, 'AbortError');
  };
  for (let again = false; ; again = true) {
    const token = await getToken();
    mustBeTheSame();
    try {
      const response = await fetchOrThrow(path, {
        ...options, body, headers: { Authorization: token, ...(json && { 'Content-Type': 'application/json' }) },
      });
      const answer = response.status === 204 ? null : await jsonFrom(response);
      mustBeTheSame();
      return answer;
    } catch (error) {
      mustBeTheSame();
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      forgetToken();
      if (again) {
        endSession(error.message);
        throw error;
      }
    }
  }
}
