import { words } from './words/words.js';

/** An answer that is not a success, or no answer at all (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message a sentence that can be shown
   * @param {number} [retryAfter] seconds after which the server wants to be asked again
   * @param {{ code?: string, field?: string }} [data] what the refusal is called, and the field that it is about
   */
  constructor(status, message, retryAfter = 0, { code = '', field = '' } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.retryAfter = retryAfter;
    this.code = code;
    this.field = field;
  }

  /** Whether asking again later can help. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The sentence where it stands beside the field that it is about. */
  get beside() {
    return this.message.replace(/^The field "\w+" cannot be used: it takes/, 'This takes');
  }

  /**
   * Which field of a form the refusal is about.
   * @param {boolean} keyGiven whether a key was sent, where either may be meant
   * @returns {'key' | 'model' | ''}
   */
  about(keyGiven) {
    if (this.status !== 400) return '';
    if (this.code === 'key_refused') return keyGiven ? 'key' : 'model';
    switch (this.field) {
      case 'api_key': return 'key';
      case 'model_name':
      case 'engine': return 'model';
      default: return '';
    }
  }
}

/**
 * @param {number} status
 * @param {string} body what the server sent, JSON or not
 * @param {string | null} retryAfter the header: seconds or a date
 */
export function errorFromAnswer(status, body, retryAfter) {
  let sentence = '';
  /** @type {{ code?: string, field?: string }} */
  let data = {};
  try {
    const json = JSON.parse(body);
    // PocketBase's own routes name fields in it.
    if (typeof json.data?.code === 'string') data = json.data;
    if (typeof json.detail === 'string') sentence = json.detail;
    else if (typeof json.message === 'string') sentence = json.message;
  } catch { /* a proxy's own page: the plain words will do */ }
  return new ApiError(
    status,
    named(data) || sentence || words.errors.byStatus[status] || words.errors.status(status),
    secondsFrom(retryAfter),
    data,
  );
}

/**
 * The refusal in the page's own words, where it has any for it: the server's
 * sentences are English, and say more.
 * @param {{ code?: string, field?: string }} data
 */
function named({ code = '', field = '' }) {
  const { byCode, byField } = words.errors;
  return (code === 'field_refused' && byField[field]) || byCode[code] || '';
}

/** @param {string | null} header */
function secondsFrom(header) {
  if (!header) return 0;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0;
}

/**
 * fetch, with every failure as an ApiError.
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function fetchOrThrow(path, options) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    if (/** @type {Error} */ (cause).name === 'AbortError') throw cause;
    throw new ApiError(0, words.errors.unreachable);
  }
  if (response.ok) return response;
  const body = await response.text().catch(() => '');
  throw errorFromAnswer(response.status, body, response.headers.get('Retry-After'));
}

/**
 * What an answer says, with one that does not arrive whole as an ApiError too.
 * @param {Response} response
 * @returns {Promise<any>}
 */
export async function jsonFrom(response) {
  try {
    return await response.json();
  } catch (cause) {
    if (/** @type {Error} */ (cause).name === 'AbortError') throw cause;
    throw new ApiError(0, words.errors.cutOff);
  }
}
