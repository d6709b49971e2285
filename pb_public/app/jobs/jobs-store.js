import { call } from '../api.js';
import { createStore } from '../store.js';
import { isFinished, isMoving, jobFrom, reconcile, sameJob } from './job.js';

/** @typedef {import('./job.js').Job} Job */

/**
 * @typedef {{
 *   byId: Map<string, Job>, listed: string[], arrived: string[], cursor: string | null,
 *   loaded: boolean, loadingMore: boolean, error: string,
 * }} Jobs
 * `byId` holds whatever is known of; the rest is the list, which listing.js keeps.
 *
 * @typedef {{
 *   changed?: (before: Job | undefined, after: Job) => void, made?: (job: Job) => void, heard?: (job: Job) => void,
 *   read?: (job: Job) => void, dropped?: (job: Job) => void, forgotten?: () => void,
 * }} Watcher what follows of what becomes known: of a job that stands otherwise, that this
 *   page has made, that was told of or read, that is gone; and of all that is forgotten
 */

/** @returns {Jobs} */
const nothing = () => ({ byId: new Map(), listed: [], arrived: [], cursor: null, loaded: false, loadingMore: false, error: '' });

/** @type {import('../store.js').Store<Jobs>} */
export const jobs = createStore(nothing());

/** @type {Set<Watcher>} */
const watchers = new Set();

/** @param {Watcher} watcher @returns {() => void} its end */
export function watchJobs(watcher) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

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

export function forgetJobs() {
  era += 1;
  gone = new Set();
  for (const timer of doubts.values()) clearTimeout(timer);
  doubts = new Map();
  toldAt = new Map();
  for (const { forgotten } of watchers) forgotten?.();
  jobs.set(nothing());
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
  for (const { read } of watchers) read?.(job);
  return job;
}

/** Asks how a known job stands; one that is gone goes here too. @param {string} id */
export function checkJob(id) {
  fetchJob(id).catch((error) => { if (error.status === 404) dropJob(id); });
}

/**
 * Takes what an answer says of jobs.
 * @param {object[]} raws
 * @param {number} asked
 * @returns {string[]} which of them are not gone
 */
export function takeJobs(raws, asked) {
  const fresh = raws.map((raw) => jobFrom(raw, Date.now())).filter((job) => !gone.has(job.id));
  const byId = new Map(jobs.get().byId);
  for (const job of fresh) byId.set(job.id, settled(byId.get(job.id), job, asked));
  jobs.set({ byId });
  return fresh.map(({ id }) => id);
}

/** @param {object} raw the answer to an upload */
export function addJob(raw) {
  const job = jobFrom(raw, Date.now());
  const known = jobs.get().byId.get(job.id);
  // Its first live messages may have been faster than the answer.
  const made = known ? reconcile(known, job).job : job;
  tellChanged(known, made);
  jobs.set({ byId: new Map(jobs.get().byId).set(made.id, made) });
  for (const watcher of watchers) watcher.made?.(made);
  return made;
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
  tellHeard(job);
}

/** @param {{ action: string, record: Record<string, any> }} message */
export function hear(message) {
  const heard = jobFrom(message.record, Date.now());
  if (message.action === 'delete') return dropJob(heard.id);
  if (gone.has(heard.id)) return undefined;
  const known = jobs.get().byId.get(heard.id);
  if (!known) {
    keep(heard);
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
  const job = jobs.get().byId.get(id);
  if (!job) return;
  const byId = new Map(jobs.get().byId);
  byId.delete(id);
  jobs.set({ byId });
  for (const { dropped } of watchers) dropped?.(job);
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
  tellChanged(known, job);
  return sameJob(known, job) ? known : { ...job, heard_at: known.heard_at };
}

/** @param {Job} job */
function keep(job) {
  const { byId: known } = jobs.get();
  tellChanged(known.get(job.id), job);
  jobs.set({ byId: new Map(known).set(job.id, job) });
  tellHeard(job);
}

/** @param {Job} job */
function tellHeard(job) {
  for (const { heard } of watchers) heard?.(job);
}

/**
 * @param {Job | undefined} before
 * @param {Job} after
 */
function tellChanged(before, after) {
  for (const { changed } of watchers) changed?.(before, after);
}

/** @param {string} id */
function doubt(id) {
  if (doubts.has(id)) return;
  doubts.set(id, setTimeout(() => {
    doubts.delete(id);
    checkJob(id);
  }, DOUBT_MS));
}
