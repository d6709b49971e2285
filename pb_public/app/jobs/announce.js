import { say } from '../notices/notices.js';
import { readerLink, route } from '../route.js';
import { notWhollyTranslated } from './job-words.js';

/** @param {import('./job.js').Job} job that has just finished */
export function announceEnd(job) {
  const reading = route.get().jobId === job.id;
  const link = reading ? '' : readerLink(job.id);
  if (job.status === 'COMPLETED') {
    const issues = job.issues_count ? ` ${notWhollyTranslated(job.issues_count)}.` : '';
    say(`“${job.filename}” is translated.${issues}`, { link });
  }
  if (job.status === 'FAILED') {
    say(`“${job.filename}” could not be translated. ${job.error_message}`.trim(), { tone: 'bad' });
  }
}
