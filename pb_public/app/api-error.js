/** An answer that is not a success, or no answer at all (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message a sentence that can be shown
   * @param {number} [retryAfter] seconds after which the server wants to be asked again
   */
  constructor(status, message, retryAfter = 0) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.retryAfter = retryAfter;
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
    if (this.message.startsWith('Invalid API Key')) return keyGiven ? 'key' : 'model';
    switch (this.message.match(/^The field "(\w+)"/)?.[1]) {
      case 'api_key': return 'key';
      case 'model_name':
      case 'engine': return 'model';
      default: return '';
    }
  }
}

export const UNREACHABLE = 'The server cannot be reached. Check the connection and try again.';

/** @type {Record<number, string>} */
const PLAIN_WORDS = {
  401: 'You are not signed in any more.',
  403: 'This account may not do that.',
  404: 'It is not here, or no longer.',
  409: 'That is not possible right now.',
  413: 'The document is too large.',
  415: 'This kind of document is not known.',
  429: 'That was a little too much at once.',
  503: 'The service is busy or catching its breath.',
};

/**
 * @param {number} status
 * @param {string} body what the server sent, JSON or not
 * @param {string | null} retryAfter the header: seconds or a date
 */
export function errorFromAnswer(status, body, retryAfter) {
  let sentence = '';
  try {
    const json = JSON.parse(body);
    if (typeof json.detail === 'string') sentence = json.detail;
    else if (typeof json.message === 'string') sentence = json.message;
  } catch { /* a proxy's own page: the plain words will do */ }
  return new ApiError(
    status,
    sentence || PLAIN_WORDS[status] || `The server answered with an error (${status}).`,
    secondsFrom(retryAfter),
  );
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
    throw new ApiError(0, UNREACHABLE);
  }
  if (response.ok) return response;
  const body = await response.text().catch(() => '');
  throw errorFromAnswer(response.status, body, response.headers.get('Retry-After'));
}
