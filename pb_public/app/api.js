import PocketBase, { BaseAuthStore } from '../vendor/pocketbase-0.28.1.es.js';
import { ApiError, fetchOrThrow } from './api-error.js';
import { endSession, forgetToken, getToken } from './auth/session.js';

/** PocketBase's client, for realtime. It keeps no login of its own. */
export const pb = new PocketBase('/', new BaseAuthStore());
pb.autoCancellation(false);
pb.beforeSend = async (url, options) => {
  options.headers = { ...options.headers, Authorization: await getToken() };
  return { url, options };
};

/**
 * A request as the signed-in person. A refused token is replaced once before
 * the session counts as ended.
 * @param {string} path
 * @param {{ method?: string, signal?: AbortSignal, keepalive?: boolean, json?: object }} [options] json is the body
 * @returns {Promise<any>} the JSON, or null where there is none
 */
export async function call(path, { json, ...options } = {}) {
  const body = json && JSON.stringify(json);
  for (let again = false; ; again = true) {
    const token = await getToken();
    try {
      const response = await fetchOrThrow(path, {
        ...options, body, headers: { Authorization: token, ...(body && { 'Content-Type': 'application/json' }) },
      });
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      forgetToken();
      if (again) {
        endSession(error.message);
        throw error;
      }
    }
  }
}
