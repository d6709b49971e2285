import { call } from '../api.js';
import { getToken } from '../auth/session.js';
import { mention } from '../notices/notices.js';
import { createStore } from '../store.js';
import { words } from '../words/words.js';
import { isMoving } from './job.js';
import { checkJob, deleteJob, dropJob, jobs, takeJob } from './jobs-store.js';
import { listOwn } from './listing.js';

/**
 * What this page has told jobs to do: `busy` holds what is on its way, `refused`
 * why the last was not done, `leaving` the jobs that are cancelled or deleted here and
 * can be had back, since the server has not been told.
 *
 * @typedef {import('./job.js').Job} Job
 * @typedef {import('../api-error.js').ApiError} ApiError
 * @typedef {'pause' | 'resume' | 'retry' | 'cancel'} Command
 * @typedef {{
 *   how: 'cancel' | 'delete', wasMoving: boolean, wasCancelled: boolean, undoable: boolean,
 *   timer: ReturnType<typeof setTimeout> | undefined, token: string,
 * }} Leave
 * @typedef {{ job: Job, command: 'resume' | 'retry', positions?: number[] }} Renewal
 */

/** @type {import('../store.js').Store<{
 *   busy: Map<string, Command>, refused: Map<string, { why: string, status: number }>, leaving: Map<string, Leave>, renewal: Renewal | null,
 * }>} */
export const commands = createStore({ busy: new Map(), refused: new Map(), leaving: new Map(), renewal: null });

/** The server can undo neither, so it is told only after this. A session token lives longer. */
const REGRET_MS = 8000;
/** Jobs whose way back somebody has before them: nobody is hurried who looks at it. @type {Set<string>} */
const attended = new Set();

/**
 * Tells a job something once, however often it is clicked, and throws what the
 * server has against it.
 * @param {Job} job
 * @param {Command} command
 * @param {object} [json]
 * @param {Command} [as] what the person meant by it
 * @returns {Promise<boolean>} whether it was told
 */
export async function order(job, command, json = {}, as = command) {
  const { id, filename } = job;
  if (commands.get().busy.has(id)) return false;
  note('busy', id, as);
  note('refused', id);
  const asked = Date.now();
  try {
    takeJob(await call(`/api/v1/jobs/${encodeURIComponent(id)}/${command}`, { method: 'POST', json }), asked);
  } catch (error) {
    // It stands otherwise than this page believed.
    if (/** @type {any} */ (error).status === 409) checkJob(id);
    throw error;
  } finally {
    note('busy', id);
  }
  mention(words.jobs.told[as](filename));
  return true;
}

/**
 * The same where the answer to a refusal is only to be read.
 * @param {Job} job
 * @param {Command} command
 * @param {object} [json]
 * @param {Command} [as]
 */
export async function tell(job, command, json, as) {
  try {
    return await order(job, command, json, as);
  } catch (error) {
    const { name, message, status } = /** @type {ApiError} */ (error);
    if (name !== 'AbortError') note('refused', job.id, { why: message, status });
    return false;
  }
}

/** Asks for a key or a model first. @param {Renewal | null} renewal */
export const renew = (renewal) => commands.set({ renewal });

/** Stops a job at once, and for good when nobody has undone it. @param {Job} job */
export async function cancel(job) {
  if (commands.get().leaving.has(job.id)) return;
  const wasMoving = isMoving(job);
  // Paused, it may not be what the list is narrowed to; its way back stands in its row.
  if (jobs.get().listed.includes(job.id)) listOwn(job.id);
  if (wasMoving && !await tell(job, 'pause', {}, 'cancel')) return;
  if (!wasMoving) mention(words.jobs.told.cancel(job.filename));
  leave(job, 'cancel', wasMoving, true);
}

/** Takes a job away at once, and for good when nobody has undone it. @param {Job} job */
export function remove(job) {
  const earlier = commands.get().leaving.get(job.id);
  if (earlier?.how === 'delete') return;
  clearTimeout(earlier?.timer);
  note('refused', job.id);
  mention(words.jobs.told.delete(job.filename));
  leave(job, 'delete', Boolean(earlier?.wasMoving), earlier?.how === 'cancel');
}

/**
 * @param {Job} job
 * @param {Leave['how']} how
 * @param {boolean} wasMoving whether it goes on where that is undone
 * @param {boolean} wasCancelled
 */
function leave(job, how, wasMoving, wasCancelled) {
  /** @type {Leave} */
  const leaving = { how, wasMoving, wasCancelled, undoable: true, token: '', timer: undefined };
  wait(job, leaving);
  note('leaving', job.id, leaving);
}

/** @param {Job} job @param {Leave} leaving */
function wait(job, leaving) {
  // Whoever closes the page leaves no time to ask for one.
  getToken().then((token) => { leaving.token = token; }, () => {});
  clearTimeout(leaving.timer);
  leaving.timer = setTimeout(() => (attended.has(job.id) ? wait(job, leaving) : go(job, leaving)), REGRET_MS);
}

/**
 * The time for undoing stands still while somebody has the way back before them, and
 * begins anew when they go on.
 * @param {Job} job
 * @param {boolean} on
 */
export function attend(job, on) {
  if (on === attended.has(job.id)) return;
  if (on) attended.add(job.id);
  else attended.delete(job.id);
  const leaving = commands.get().leaving.get(job.id);
  if (leaving?.undoable) wait(job, leaving);
}

/** @param {Job} job */
export function undo(job) {
  const leaving = commands.get().leaving.get(job.id);
  if (!leaving?.undoable) return;
  clearTimeout(leaving.timer);
  note('leaving', job.id);
  if (leaving.how === 'delete') {
    mention(words.jobs.told.keep(job.filename));
    // What was cancelled before stays so, and can be had back in its turn.
    if (leaving.wasCancelled) {
      leave(job, 'cancel', leaving.wasMoving, true);
      return;
    }
  }
  if (leaving.wasMoving) tell(job, 'resume');
}

/** @param {Job} job @param {Leave} leaving */
async function go(job, leaving) {
  note('leaving', job.id, { ...leaving, undoable: false });
  if (leaving.how === 'cancel') {
    await tell(job, 'cancel');
  } else {
    try {
      await deleteJob(job.id);
    } catch (error) {
      const { message, status } = /** @type {ApiError} */ (error);
      note('refused', job.id, { why: words.jobs.told.notDeleted(message), status });
    }
  }
  note('leaving', job.id);
}

/** Who goes has no regrets any more. */
export function leaveNow() {
  for (const [id, { how, timer, token, undoable }] of commands.get().leaving) {
    clearTimeout(timer);
    if (!undoable) continue;
    const path = `/api/v1/jobs/${encodeURIComponent(id)}${how === 'cancel' ? '/cancel' : ''}`;
    const method = how === 'cancel' ? 'POST' : 'DELETE';
    const told = token ? fetch(path, { method, keepalive: true, headers: { Authorization: token } }) : call(path, { method, keepalive: true });
    told.catch(() => {});
    // The page may be kept, and come back.
    if (how === 'delete') dropJob(id);
  }
  commands.set({ leaving: new Map() });
}
addEventListener('pagehide', leaveNow);

/** What was not done because the server was out of reach says nothing any more when it is there. */
export function reachable() {
  const refused = new Map([...commands.get().refused].filter(([, { status }]) => status !== 0));
  if (refused.size < commands.get().refused.size) commands.set({ refused });
}

export const forgetCommands = () => commands.set({ busy: new Map(), refused: new Map(), leaving: new Map(), renewal: null });

/**
 * @param {'busy' | 'refused' | 'leaving'} where
 * @param {string} id
 * @param {any} [what] left out: nothing any more
 */
function note(where, id, what) {
  const map = new Map(/** @type {Map<string, any>} */ (commands.get()[where]));
  if (what) map.set(id, what);
  else map.delete(id);
  commands.set({ [where]: map });
}
