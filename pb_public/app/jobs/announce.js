import { say } from '../notices/notices.js';
import { readerLink, route } from '../route.js';
import { jobDetail, notWhollyTranslated, withoutIds } from './job-words.js';

/** @param {import('./job.js').Job} job that was paused by something else than this page */
export function announcePause(job) {
  const link = route.get().jobId === job.id ? '' : readerLink(job.id);
  if (job.pause_reason === 'user') return;
  say(`“${job.filename}” is paused. ${jobDetail(job, Date.now())}.`, { tone: 'bad', link, linkWords: 'Look at it' });
}

/** @param {import('./job.js').Job} job that has just finished */
export function announceEnd(job) {
  const reading = route.get().jobId === job.id;
  const link = reading ? '' : readerLink(job.id);
  if (job.status === 'COMPLETED') {
    const issues = job.issues_count ? ` ${notWhollyTranslated(job.issues_count)}.` : '';
    say(`“${job.filename}” is translated.${issues}`, { link });
  }
  if (job.status === 'FAILED') {
    say(`“${job.filename}” could not be translated. ${withoutIds(job.error_message)}`.trim(), { tone: 'bad' });
  }
}
