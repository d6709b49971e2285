import { call } from '../api.js';
import { endSession } from '../auth/session.js';
import { isMoving } from './job.js';
import { checkJob, jobs, takeJobs, watchJobs } from './jobs-store.js';
import { SHOWN, address, fits, forgetQuery, isNarrowed, setQuery } from './query.js';

/**
 * The list: `listed`, newest first, and `arrived`, what came from elsewhere and
 * waits until it is asked for. While somebody points at the list, what is deleted
 * or does not fit the query any more keeps its place, so that nothing moves away
 * under a hand. What is listed and not in `byId` is such a one.
 *
 * @typedef {import('./job.js').Job} Job
 */

const PAGE = 20;
const OLDER = 50;
const PAGE_MAX = 200;

/** Jobs that this page made under this query: they are listed, whether they fit or not. @type {Set<string>} */
let own = new Set();
/** When those were made that are gone and listed yet. @type {Map<string, string>} */
let places = new Map();
/** Counts queries: an answer to the one before must not reach the next. */
let turn = 0;
/** @type {Promise<boolean> | null} */
let refreshing = null;
let held = false;

function forgetListing() {
  turn += 1;
  own = new Set();
  places = new Map();
  refreshing = null;
  held = false;
  forgetQuery();
}

/**
 * Shows other documents: what is known of them at once, and all when the server
 * has told.
 * @param {Partial<import('./query.js').Query>} change
 */
export function show(change) {
  setQuery(change);
  turn += 1;
  own = new Set();
  refreshing = null;
  const known = [...jobs.get().byId.values()].filter(fits).map(({ id }) => id);
  jobs.set({ listed: inOrder(known), arrived: [], cursor: null, loaded: false, loadingMore: false, error: '' });
  refreshJobs();
}

/**
 * Asks for the list again; calls that come meanwhile share the answer.
 * @returns {Promise<boolean>} whether there was one
 */
export function refreshJobs() {
  if (refreshing) return refreshing;
  const mine = refresh().finally(() => { if (refreshing === mine) refreshing = null; });
  refreshing = mine;
  return mine;
}

async function refresh() {
  const asked = Date.now();
  const inTurn = turn;
  const limit = Math.min(PAGE_MAX, Math.max(PAGE, jobs.get().listed.length));
  try {
    const answer = await call(`/api/v1/jobs?limit=${limit}${address()}`);
    if (inTurn === turn) takeFirstPage(answer, asked);
    return true;
  } catch (error) {
    if (inTurn !== turn) return false;
    const { status, message } = /** @type {import('../api-error.js').ApiError} */ (error);
    // The only 404 a list can give: the account itself is unknown.
    if (status === 404) endSession(message);
    else jobs.set({ error: message });
    return false;
  }
}

/**
 * @param {{ jobs: object[], cursor: string | null }} answer
 * @param {number} asked
 */
function takeFirstPage(answer, asked) {
  const named = takeJobs(answer.jobs, asked);
  const { byId, listed, arrived, loaded, cursor } = jobs.get();
  const made = (/** @type {string | undefined} */ id) => byId.get(id ?? '')?.created_at ?? '';
  const oldest = made(named.at(-1));
  const isNamed = new Set(named);

  /** @type {Job[]} */
  const erased = [];
  let isBeyond = false;
  const kept = listed.filter((id) => {
    if (isNamed.has(id)) return false;
    const job = byId.get(id);
    if (!job) return held;
    // It came while the answer was on its way.
    if (own.has(id) || (job.heard_at > asked && fits(job))) return true;
    // The first answer says what the list is.
    if (!loaded) return false;
    if (answer.cursor !== null && job.created_at <= oldest) {
      isBeyond = true;
      return true;
    }
    if (isNarrowed()) {
      // What the answer does not name is deleted, or does not fit any more.
      checkJob(id);
      return held || fits(job);
    }
    erased.push(job);
    return held;
  });
  if (erased.length) {
    const left = new Map(byId);
    for (const job of erased) {
      left.delete(job.id);
      places.set(job.id, job.created_at);
    }
    jobs.set({ byId: left });
  }

  const wasListed = new Set(listed);
  const last = made(listed.at(-1));
  const waits = (/** @type {string} */ id) => loaded && listed.length > 0 && !wasListed.has(id) && !own.has(id) && made(id) > last;
  jobs.set({
    listed: same(listed, inOrder([...named.filter((id) => !waits(id)), ...kept])),
    arrived: same(arrived, [...new Set([...arrived, ...named.filter(waits)])].filter((id) => jobs.get().byId.has(id))),
    cursor: isBeyond ? cursor : answer.cursor,
    loaded: true,
    error: '',
  });
}

export async function loadMore() {
  const { cursor, loadingMore } = jobs.get();
  if (!cursor || loadingMore) return;
  const asked = Date.now();
  const inTurn = turn;
  jobs.set({ loadingMore: true });
  try {
    const answer = await call(`/api/v1/jobs?limit=${OLDER}${address()}&cursor=${encodeURIComponent(cursor)}`);
    if (inTurn !== turn) return;
    const ids = takeJobs(answer.jobs, asked);
    jobs.set({ listed: inOrder([...new Set([...jobs.get().listed, ...ids])]), cursor: answer.cursor, loadingMore: false });
  } catch (error) {
    if (inTurn !== turn) return;
    jobs.set({ loadingMore: false });
    throw error;
  }
}

/**
 * Asks how all that moves stands: the time left, and what the stream has dropped.
 * @returns {Promise<boolean>} whether there was an answer
 */
export async function refreshMoving() {
  const asked = Date.now();
  const inTurn = turn;
  try {
    const answer = await call(`/api/v1/jobs?limit=${PAGE_MAX}${SHOWN.moving.ask}`);
    if (inTurn !== turn) return true;
    const { byId } = jobs.get();
    const named = new Set(takeJobs(answer.jobs.filter((/** @type {Job} */ { id }) => byId.has(id)), asked));
    for (const job of byId.values()) {
      if (isMoving(job) && !named.has(job.id) && job.heard_at <= asked) checkJob(job.id);
    }
    return true;
  } catch {
    return false;
  }
}

/** Puts a job that has changed where it belongs. @param {Job} job */
function place(job) {
  const { byId, listed, arrived, cursor, loaded } = jobs.get();
  if (listed.includes(job.id)) {
    settleChanged(job);
    return;
  }
  if (!fits(job)) {
    jobs.set({ arrived: without(arrived, job.id) });
    return;
  }
  const oldest = byId.get(listed.at(-1) ?? '')?.created_at ?? '';
  // Older than the page shows: "Show older" will bring it.
  if (cursor && job.created_at < oldest) return;
  // In an empty list there is nothing to push away.
  if (!loaded || !listed.length) jobs.set({ listed: inOrder([...listed, job.id]) });
  else if (!arrived.includes(job.id)) jobs.set({ arrived: [...arrived, job.id] });
}

/** Lists what this page has made. @param {string} id */
export function listOwn(id) {
  const { listed, arrived } = jobs.get();
  own.add(id);
  jobs.set({ listed: listed.includes(id) ? listed : inOrder([...listed, id]), arrived: without(arrived, id) });
}

/** Lists what has arrived. @returns {string[]} what that was */
export function showArrived() {
  const { listed, arrived } = jobs.get();
  jobs.set({ listed: inOrder([...listed, ...arrived]), arrived: [] });
  return arrived;
}

/** Takes a job out that is deleted. @param {Job} job */
function unlist({ id, created_at }) {
  const { listed, arrived } = jobs.get();
  if (held) places.set(id, created_at);
  jobs.set({ arrived: without(arrived, id), listed: held ? listed : without(listed, id) });
}

/** While somebody points at the list, nothing in it changes places. @param {boolean} on */
export function hold(on) {
  held = on;
  if (!on) settle();
}

/** @param {Job} job */
function settleChanged(job) {
  if (!held && !fits(job)) settle();
}

/** Takes out what is gone or does not fit any more. */
function settle() {
  const { byId, listed } = jobs.get();
  places = new Map();
  const left = listed.filter((id) => {
    const job = byId.get(id);
    return job && (own.has(id) || fits(job));
  });
  if (left.length < listed.length) jobs.set({ listed: left });
}

/** @param {string[]} ids newest first */
function inOrder(ids) {
  const { byId } = jobs.get();
  const made = (/** @type {string} */ id) => byId.get(id)?.created_at ?? places.get(id) ?? '';
  return ids.sort((a, b) => (made(a) === made(b) ? (a < b ? 1 : -1) : made(a) < made(b) ? 1 : -1));
}

/**
 * @param {string[]} ids
 * @param {string} id
 */
const without = (ids, id) => (ids.includes(id) ? ids.filter((other) => other !== id) : ids);

/**
 * The list that is drawn already, where another would say the same.
 * @param {string[]} before
 * @param {string[]} after
 */
const same = (before, after) => (before.length === after.length && before.every((id, i) => id === after[i]) ? before : after);

watchJobs({ made: ({ id }) => listOwn(id), heard: place, read: settleChanged, dropped: unlist, forgotten: forgetListing });
