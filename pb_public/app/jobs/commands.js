import { call } from '../api.js';
import { mention } from '../notices/notices.js';
import { createStore } from '../store.js';
import { isMoving } from './job.js';
import { checkJob, takeJob } from './jobs-store.js';

/**
 * What this page has told jobs to do: `busy` holds what is on its way, `refused`
 * why the last was not done, `leaving` the cancelled jobs that can be had back.
 *
 * @typedef {import('./job.js').Job} Job
 * @typedef {'pause' | 'resume' | 'retry' | 'cancel'} Command
 * @typedef {{ wasMoving: boolean, timer: ReturnType<typeof setTimeout> }} Leave
 * @typedef {{ job: Job, command: 'resume' | 'retry', positions?: number[] }} Renewal
 */

/** @type {import('../store.js').Store<{
 *   busy: Map<string, Command>, refused: Map<string, string>, leaving: Map<string, Leave>, renewal: Renewal | null,
 * }>} */
export const commands = createStore({ busy: new Map(), refused: new Map(), leaving: new Map(), renewal: null });

/** The server cannot undo a cancellation, so it is told only after this. */
const REGRET_MS = 8000;

/** @type {Record<Command, string>} */
const DONE = { pause: 'is paused', resume: 'goes on', retry: 'is translated again', cancel: 'is cancelled' };

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
  mention(`“${filename}” ${DONE[as]}.`);
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
    note('refused', job.id, /** @type {Error} */ (error).message);
    return false;
  }
}

/** Asks for a key or a model first. @param {Renewal | null} renewal */
export const renew = (renewal) => commands.set({ renewal });

/** Stops a job at once, and for good when nobody has undone it. @param {Job} job */
export async function cancel(job) {
  if (commands.get().leaving.has(job.id)) return;
  const wasMoving = isMoving(job);
  if (wasMoving && !await tell(job, 'pause', {}, 'cancel')) return;
  if (!wasMoving) mention(`“${job.filename}” is cancelled.`);
  note('leaving', job.id, { wasMoving, timer: setTimeout(() => cancelForGood(job), REGRET_MS) });
}

/** @param {Job} job */
export function undoCancel(job) {
  const leave = commands.get().leaving.get(job.id);
  if (!leave) return;
  clearTimeout(leave.timer);
  note('leaving', job.id);
  if (leave.wasMoving) tell(job, 'resume');
}

/** @param {Job} job */
async function cancelForGood(job) {
  await tell(job, 'cancel');
  note('leaving', job.id);
}

/** Who goes has no regrets any more. */
export function cancelNow() {
  for (const [id, { timer }] of commands.get().leaving) {
    clearTimeout(timer);
    call(`/api/v1/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST', keepalive: true }).catch(() => {});
  }
  commands.set({ leaving: new Map() });
}
addEventListener('pagehide', cancelNow);

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
