import { call } from '../api.js';
import { endSession } from '../auth/session.js';
import { createStore } from '../store.js';
import { announceEnd, announcePause } from './announce.js';
import { isFinished, isMoving, jobFrom, reconcile } from './job.js';

/** @typedef {import('./job.js').Job} Job */

/**
 * @typedef {{
 *   byId: Map<string, Job>, listed: string[], cursor: string | null,
 *   loaded: boolean, loadingMore: boolean, error: string,
 * }} Jobs
 * `listed` is the page's list, newest first; `byId` also holds a job that was
 * opened by its address.
 */

/** @returns {Jobs} */
const nothing = () => ({ byId: new Map(), listed: [], cursor: null, loaded: false, loadingMore: false, error: '' });

/** @type {import('../store.js').Store<Jobs>} */
export const jobs = createStore(nothing());

const PAGE = 20;
const PAGE_MAX = 100;
/** A doubtful message is settled by asking, once the dust has. */
const DOUBT_MS = 400;

/** Jobs that are gone, so that a straggling message brings none back. @type {Set<string>} */
let gone = new Set();
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
let doubts = new Map();
/** When a job was last heard of in the answer to a command. @type {Map<string, number>} */
let toldAt = new Map();
/** Counts sign-ins: an answer for the person before must not reach the next. */
let era = 0;
/** @type {Promise<void> | null} */
let refreshing = null;

export function forgetJobs() {
  era += 1;
  gone = new Set();
  for (const timer of doubts.values()) clearTimeout(timer);
  doubts = new Map();
  toldAt = new Map();
  refreshing = null;
  jobs.set(nothing());
}

/** @returns {Job[]} */
export function listedJobs() {
  const { byId, listed } = jobs.get();
  return listed.map((id) => /** @type {Job} */ (byId.get(id)));
}

/** Asks for the list again; calls that come meanwhile share the answer. */
export function refreshJobs() {
  refreshing ??= refresh().finally(() => { refreshing = null; });
  return refreshing;
}

async function refresh() {
  const asked = Date.now();
  const inEra = era;
  const limit = Math.min(PAGE_MAX, Math.max(PAGE, jobs.get().listed.length));
  try {
    const answer = await call(`/api/v1/jobs?limit=${limit}`);
    if (inEra === era) takeFirstPage(answer, asked);
  } catch (error) {
    if (inEra !== era) return;
    const { status, message } = /** @type {import('../api-error.js').ApiError} */ (error);
    // The only 404 a list can give: the account itself is unknown.
    if (status === 404) endSession(message);
    else jobs.set({ error: message });
  }
}

/**
 * @param {{ jobs: object[], cursor: string | null }} answer
 * @param {number} asked
 */
function takeFirstPage(answer, asked) {
  const fresh = answer.jobs.map((raw) => jobFrom(raw, Date.now())).filter((job) => !gone.has(job.id));
  const before = jobs.get();
  const byId = new Map(before.byId);
  for (const job of fresh) byId.set(job.id, settled(byId.get(job.id), job, asked));

  const seen = new Set(fresh.map((job) => job.id));
  const oldest = fresh.at(-1)?.created_at ?? '';
  // Held jobs that the answer reaches past and does not name were deleted,
  // unless they came while it was on its way.
  const kept = before.listed.filter((id) => {
    if (seen.has(id)) return false;
    const job = /** @type {Job} */ (byId.get(id));
    const beyond = answer.cursor !== null && job.created_at < oldest;
    return beyond || job.heard_at > asked;
  });
  for (const id of before.listed) {
    if (!seen.has(id) && !kept.includes(id)) byId.delete(id);
  }
  const beyondPage = kept.some((id) => /** @type {Job} */ (byId.get(id)).created_at < oldest);
  jobs.set({
    byId,
    listed: inOrder(byId, [...seen, ...kept]),
    cursor: beyondPage ? before.cursor : answer.cursor,
    loaded: true,
    error: '',
  });
}

export async function loadMore() {
  const { cursor, loadingMore } = jobs.get();
  if (!cursor || loadingMore) return;
  const asked = Date.now();
  const inEra = era;
  jobs.set({ loadingMore: true });
  try {
    const answer = await call(`/api/v1/jobs?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
    if (inEra !== era) return;
    const { byId: known, listed } = jobs.get();
    const byId = new Map(known);
    const ids = new Set(listed);
    for (const raw of answer.jobs) {
      const job = jobFrom(raw, Date.now());
      if (gone.has(job.id)) continue;
      byId.set(job.id, settled(byId.get(job.id), job, asked));
      ids.add(job.id);
    }
    jobs.set({ byId, listed: inOrder(byId, [...ids]), cursor: answer.cursor, loadingMore: false });
  } catch (error) {
    if (inEra !== era) return;
    jobs.set({ loadingMore: false });
    throw error;
  }
}

/**
 * Reads one job, for its own page or to settle a doubt.
 * @param {string} id
 * @returns {Promise<Job | undefined>}
 */
export async function fetchJob(id) {
  const asked = Date.now();
  const inEra = era;
  const raw = await call(`/api/v1/jobs/${encodeURIComponent(id)}`);
  if (inEra !== era || gone.has(id)) return undefined;
  const { byId } = jobs.get();
  const job = settled(byId.get(id), jobFrom(raw, Date.now()), asked);
  jobs.set({ byId: new Map(byId).set(id, job) });
  return job;
}

/** Asks how a known job stands; one that is gone goes here too. @param {string} id */
export function checkJob(id) {
  fetchJob(id).catch((error) => { if (error.status === 404) dropJob(id); });
}

/** @param {object} raw the answer to an upload */
export function addJob(raw) {
  const job = jobFrom(raw, Date.now());
  const known = jobs.get().byId.get(job.id);
  // Its first live messages may have been faster than the answer.
  keep(known ? reconcile(known, job).job : job);
  list(job);
  return job;
}

/**
 * The answer to a command is the truth, whatever is still on its way; but a
 * short job may have come to its end before the answer arrives.
 * @param {object} raw
 * @param {number} asked
 */
export function takeJob(raw, asked) {
  const job = jobFrom(raw, Date.now());
  if (gone.has(job.id)) return;
  const known = jobs.get().byId.get(job.id);
  if (known && known.heard_at > asked && isFinished(known.status) && !isFinished(job.status)) {
    doubt(job.id);
    return;
  }
  toldAt.set(job.id, job.heard_at);
  jobs.set({ byId: new Map(jobs.get().byId).set(job.id, job) });
}

/** @param {{ action: string, record: Record<string, any> }} message */
export function hear(message) {
  const heard = jobFrom(message.record, Date.now());
  if (message.action === 'delete') return dropJob(heard.id);
  if (gone.has(heard.id)) return undefined;
  const known = jobs.get().byId.get(heard.id);
  if (!known) {
    const { listed, byId, cursor } = jobs.get();
    const oldest = byId.get(listed.at(-1) ?? '')?.created_at ?? '';
    // Older than the page shows: "Load more" will bring it.
    if (cursor && heard.created_at < oldest) return undefined;
    keep(heard);
    list(heard);
    return undefined;
  }
  const { job, doubtful } = reconcile(known, heard);
  if (job !== known) keep(job);
  if (doubtful) doubt(heard.id);
  return undefined;
}

/** @param {string} id */
export function dropJob(id) {
  gone.add(id);
  const { byId: known, listed } = jobs.get();
  const byId = new Map(known);
  byId.delete(id);
  jobs.set({ byId, listed: listed.filter((other) => other !== id) });
}

/** Erases a job at the server. @param {string} id */
export async function deleteJob(id) {
  try {
    await call(`/api/v1/jobs/${encodeURIComponent(id)}`, { method: 'DELETE' });
  } catch (error) {
    // Already gone is as good as deleted.
    if (/** @type {any} */ (error).status !== 404) throw error;
  }
  dropJob(id);
}

/** Whether anything listed is still on its way. */
export const anyMoving = () => [...jobs.get().byId.values()].some(isMoving);

/**
 * The server's own answer is the truth, save where a live message came after
 * it was asked.
 * @param {Job | undefined} known
 * @param {Job} answer
 * @param {number} asked
 */
function settled(known, answer, asked) {
  if (!known) return answer;
  if ((toldAt.get(answer.id) ?? 0) > asked) return known;
  const job = known.heard_at > asked
    ? { ...reconcile(known, answer).job, eta_seconds: answer.eta_seconds, eta_at: answer.eta_at }
    : answer;
  announce(known, job);
  return { ...job, heard_at: known.heard_at };
}

/** @param {Job} job */
function keep(job) {
  const { byId: known } = jobs.get();
  announce(known.get(job.id), job);
  jobs.set({ byId: new Map(known).set(job.id, job) });
}

/** @param {Job} job */
function list(job) {
  const { byId, listed } = jobs.get();
  if (!listed.includes(job.id)) jobs.set({ listed: inOrder(byId, [...listed, job.id]) });
}

/**
 * @param {Job | undefined} before
 * @param {Job} after
 */
function announce(before, after) {
  if (!before || isFinished(before.status)) return;
  if (isFinished(after.status)) announceEnd(after);
  if (isMoving(before) && after.status === 'PAUSED') announcePause(after);
}

/** @param {string} id */
function doubt(id) {
  if (doubts.has(id)) return;
  doubts.set(id, setTimeout(() => {
    doubts.delete(id);
    checkJob(id);
  }, DOUBT_MS));
}

/**
 * @param {Map<string, Job>} byId
 * @param {string[]} ids
 */
function inOrder(byId, ids) {
  const made = (/** @type {string} */ id) => /** @type {Job} */ (byId.get(id)).created_at;
  return ids.sort((a, b) => (made(a) === made(b) ? (a < b ? 1 : -1) : made(a) < made(b) ? 1 : -1));
}
