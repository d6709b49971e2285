import { tell } from '../notices/tell.js';
import { capital } from '../phrasing.js';
import { words } from '../words/words.js';
import { commands } from './commands.js';
import { isFinished, isMoving } from './job.js';
import { jobDetail, notWhollyTranslated, withoutIds } from './job-words.js';
import { watchJobs } from './jobs-store.js';

/** @typedef {import('./job.js').Job} Job */

/** What is deleted here has no news, though the server does not know of it yet. @param {Job} job */
const isLeaving = (job) => commands.get().leaving.has(job.id);

/**
 * Tells of what comes to its end, or to a stop, until it is told to end.
 * @returns {() => void}
 */
export const announceJobs = () => watchJobs({
  changed(before, after) {
    if (!before || isFinished(before.status)) return;
    if (isFinished(after.status)) announceEnd(after);
    if (isMoving(before) && after.status === 'PAUSED') announcePause(after);
  },
});

/** @param {Job} job that was paused by something else than this page */
function announcePause(job) {
  if (job.pause_reason === 'user' || isLeaving(job)) return;
  const { told } = words.jobs;
  tell(job.id, told.isPaused(job.filename, capital(jobDetail(job, Date.now()))), { tone: 'bad', linkWords: told.lookAtIt });
}

/** @param {Job} job that has just finished */
function announceEnd(job) {
  if (isLeaving(job)) return;
  const { told } = words.jobs;
  if (job.status === 'COMPLETED') {
    tell(job.id, job.issues_count ? told.isTranslatedBut(job.filename, notWhollyTranslated(job.issues_count)) : told.isTranslated(job.filename));
  }
  if (job.status === 'FAILED') tell(job.id, told.isNotTranslated(job.filename, withoutIds(job.error_message)), { tone: 'bad', linkWords: told.lookAtIt });
}
