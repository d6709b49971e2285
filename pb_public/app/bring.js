import { ApiError } from './api-error.js';
import { words } from './words/words.js';

/** A part of the page that is not there any more: a newer page is served by now. */
export class Outdated extends Error {
  constructor() {
    super(words.errors.newVersion);
    this.name = 'Outdated';
  }
}

/**
 * Fetches a part of the page that is needed later. Browsers do not say why one did
 * not come; where the service answers all else, the part is another by now.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function bring(load) {
  try {
    return await load();
  } catch {
    const answers = await fetch('/healthz', { cache: 'no-store' }).then(({ ok }) => ok, () => false);
    throw answers ? new Outdated() : new ApiError(0, words.errors.unreachable);
  }
}

/** Loads the page that is served now. */
export const loadNew = () => location.reload();
