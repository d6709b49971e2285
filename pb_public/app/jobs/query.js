import { rememberedQuery } from '../remembered.js';
import { createStore } from '../store.js';

/**
 * Which of the documents are wanted. The tab remembers it, so that whoever comes
 * back from a document, or reloads, finds the list as it was.
 *
 * @typedef {import('./job.js').Job} Job
 * @typedef {{ show: keyof typeof SHOWN, search: string }} Query
 */

/** @type {(job: Job, ...statuses: import('./job.js').Status[]) => boolean} */
const isAny = (job, ...statuses) => statuses.includes(job.status);

/** What can be shown: how the server is asked, and how a job is known that has just changed. */
export const SHOWN = {
  all: { ask: '', fits: () => true },
  moving: { ask: '&status=PENDING,PROCESSING', fits: (/** @type {Job} */ job) => isAny(job, 'PENDING', 'PROCESSING') },
  paused: { ask: '&status=PAUSED', fits: (/** @type {Job} */ job) => isAny(job, 'PAUSED') },
  finished: { ask: '&status=COMPLETED,FAILED,CANCELLED', fits: (/** @type {Job} */ job) => isAny(job, 'COMPLETED', 'FAILED', 'CANCELLED') },
  issues: { ask: '&issues=true', fits: (/** @type {Job} */ job) => job.issues_count > 0 },
};

/** @type {Query} */
const EVERYTHING = { show: 'all', search: '' };

/** @type {import('../store.js').Store<Query>} */
export const query = createStore(remembered());

/** @returns {Query} */
function remembered() {
  try {
    const { show, search } = JSON.parse(rememberedQuery.read() ?? '{}');
    return { show: show in SHOWN ? show : 'all', search: typeof search === 'string' ? search : '' };
  } catch {
    return EVERYTHING;
  }
}

/** @param {Partial<Query>} change */
export function setQuery(change) {
  query.set(change);
  rememberedQuery.write(JSON.stringify(query.get()));
}

export function forgetQuery() {
  query.set(EVERYTHING);
  rememberedQuery.forget();
}

/** @param {Query} [wanted] */
export const isNarrowed = ({ show, search } = query.get()) => show !== 'all' || search !== '';

/** The query as the list's address has it. */
export function address() {
  const { show, search } = query.get();
  return `${SHOWN[show].ask}${search && `&search=${encodeURIComponent(search)}`}`;
}

/** @param {Job} job */
export function fits(job) {
  const { show, search } = query.get();
  return SHOWN[show].fits(job) && plain(job.filename).includes(plain(search));
}

/** @param {string} text */
const plain = (text) => text.normalize('NFC').toLowerCase();
