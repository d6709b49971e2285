import { say } from '../notices/notices.js';
import { readerLink, route } from '../route.js';
import { words } from '../words/words.js';
import { commands } from './commands.js';
import { jobDetail, notWhollyTranslated, withoutIds } from './job-words.js';

/** @typedef {import('./job.js').Job} Job */

/** What is deleted here has no news, though the server does not know of it yet. @param {Job} job */
const isLeaving = (job) => commands.get().leaving.has(job.id);

/** @param {Job} job that was paused by something else than this page */
export function announcePause(job) {
  if (job.pause_reason === 'user' || isLeaving(job)) return;
  const link = route.get().jobId === job.id ? '' : readerLink(job.id);
  const { told } = words.jobs;
  say(told.isPaused(job.filename, jobDetail(job, Date.now())), { tone: 'bad', link, linkWords: told.lookAtIt });
}

/** @param {Job} job that has just finished */
export function announceEnd(job) {
  if (isLeaving(job)) return;
  const link = route.get().jobId === job.id ? '' : readerLink(job.id);
  const { told } = words.jobs;
  if (job.status === 'COMPLETED') {
    say(job.issues_count ? told.isTranslatedBut(job.filename, notWhollyTranslated(job.issues_count)) : told.isTranslated(job.filename), { link });
  }
  if (job.status === 'FAILED') say(told.isNotTranslated(job.filename, withoutIds(job.error_message)), { tone: 'bad' });
}
