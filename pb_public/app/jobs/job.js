import { words } from '../words/words.js';

/**
 * A translation job as the page keeps it, from the API or from realtime.
 *
 * @typedef {'PENDING' | 'PROCESSING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED'} Status
 * @typedef {{
 *   id: string, filename: string, status: Status, progress: number,
 *   created_at: string, completed_at: string, error_message: string,
 *   pause_reason: string, resumes_at: string,
 *   segments_total: number, segments_done: number, issues_count: number,
 *   source_language: string, target_language: string, engine: string, model_name: string,
 *   quoted_cost_usd: number | null, cost_usd: number | null,
 *   eta_seconds: number | null, eta_at: number, heard_at: number, expired: boolean,
 * }} Job the costs are null where the price is not known; what has expired has lost its documents
 */

/** @param {Status} status */
export const isFinished = (status) => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';

/** @param {Job} job whether it will move without anybody's doing */
export const isMoving = (job) => job.status === 'PENDING' || job.status === 'PROCESSING';

/**
 * One form for both: PocketBase writes times with a space and empty values as
 * '', the API in RFC 3339 and as null.
 * @param {Record<string, any>} raw
 * @param {number} now
 * @returns {Job}
 */
export function jobFrom(raw, now) {
  const time = (/** @type {string | null} */ value) => (value ? value.replace(' ', 'T') : '');
  return {
    id: raw.id,
    filename: raw.filename || words.jobs.untitled,
    status: raw.status,
    progress: raw.progress || 0,
    created_at: time(raw.created_at),
    completed_at: time(raw.completed_at),
    error_message: raw.error_message || '',
    pause_reason: raw.pause_reason || '',
    resumes_at: time(raw.resumes_at),
    segments_total: raw.segments_total || 0,
    segments_done: raw.segments_done || 0,
    issues_count: raw.issues_count || 0,
    source_language: raw.source_language || '',
    target_language: raw.target_language || '',
    engine: raw.engine || '',
    model_name: raw.model_name || '',
    quoted_cost_usd: raw.quoted_cost_usd ?? null,
    cost_usd: raw.cost_usd ?? null,
    eta_seconds: raw.eta_seconds ?? null,
    eta_at: now,
    heard_at: now,
    // A record has the name of its file, or none.
    expired: raw.expired ?? raw.source === '',
  };
}

/**
 * Whether there is nothing to draw anew. Of what has no time left, it does not
 * matter when that was.
 * @param {Job} a
 * @param {Job} b
 */
export function sameJob(a, b) {
  const names = /** @type {(keyof Job)[]} */ (Object.keys(a));
  return a.eta_seconds === null && names.every((name) => name === 'heard_at' || name === 'eta_at' || a[name] === b[name]);
}

/**
 * What to believe when a live message meets what is known. Messages may
 * overtake one another, so the count of settled segments and a finished status
 * decide which is newer; `doubtful` says that only the server can tell.
 * @param {Job} known
 * @param {Job} heard
 * @returns {{ job: Job, doubtful: boolean }}
 */
export function reconcile(known, heard) {
  const wasFinished = isFinished(known.status);
  const isNowFinished = isFinished(heard.status);
  // Either a straggler or a new run of a finished job.
  if (wasFinished && !isNowFinished) return { job: known, doubtful: true };
  // Either a straggler from before the pause or a job that goes on.
  if (known.status === 'PAUSED' && isMoving(heard)) return { job: known, doubtful: true };
  if (!isNowFinished && heard.segments_done < known.segments_done) return { job: known, doubtful: false };

  const job = { ...heard, eta_seconds: known.eta_seconds, eta_at: known.eta_at };
  if (!isNowFinished) {
    job.progress = Math.max(known.progress, heard.progress);
    job.segments_total = Math.max(known.segments_total, heard.segments_total);
  }
  const expected = known.status === heard.status || isNowFinished
    || (known.status === 'PENDING' && heard.status === 'PROCESSING');
  return { job, doubtful: !expected };
}
