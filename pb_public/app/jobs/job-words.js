import { language } from '../config.js';
import { capital, count, moment, number, timeLeft } from '../phrasing.js';

/** @typedef {import('./job.js').Job} Job */

/** @type {Record<import('./job.js').Status, string>} */
const STATUS = {
  PENDING: 'Waiting',
  PROCESSING: 'Translating',
  PAUSED: 'Paused',
  COMPLETED: 'Finished',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};

/** @param {Job} job */
export const statusWord = (job) => STATUS[job.status] ?? job.status;

/** @param {Job} job */
export function languagePair(job) {
  const target = language(job.target_language).english;
  return job.source_language ? `${language(job.source_language).english} to ${target}` : `Into ${target}`;
}

/**
 * The one line under a job's bar.
 * @param {Job} job
 * @param {number} now
 */
export function jobDetail(job, now) {
  switch (job.status) {
    case 'PENDING': return 'Begins when its turn comes';
    case 'PROCESSING': return job.segments_total ? `${sections(job)}${remaining(job, now)}` : 'Reading the document';
    case 'PAUSED': return pauseReason(job, now);
    case 'COMPLETED': return job.completed_at ? capital(moment(job.completed_at, now)) : count(job.segments_total, 'section');
    case 'FAILED': return 'Nothing was translated; it can be tried again';
    case 'CANCELLED': return `${job.segments_total ? `Stopped after ${sections(job)}` : 'Stopped before it began'}; to begin anew, send it again`;
    default: return '';
  }
}

/** @param {Job} job */
export const sections = (job) => `${number(job.segments_done)} of ${count(job.segments_total, 'section')}`;

/**
 * @param {Job} job
 * @param {number} now
 */
function remaining(job, now) {
  if (job.eta_seconds === null || job.segments_done === 0) return '';
  return `, ${timeLeft(Math.max(0, job.eta_seconds - (now - job.eta_at) / 1000))}`;
}

/**
 * @param {Job} job
 * @param {number} now
 */
function pauseReason(job, now) {
  const again = job.resumes_at ? `goes on by itself ${moment(job.resumes_at, now)}` : 'goes on by itself';
  switch (job.pause_reason) {
    case 'quota': return `${quotaOf(job)} for today is used up; ${again}`;
    case 'budget': return job.resumes_at
      ? `This month’s share of the server’s key is used up; ${again}`
      : 'It would cost more than you allowed; allow more to go on';
    case 'key': return 'The API key was refused; it needs another';
    case 'review': return 'Waits for a look at style and glossary';
    case 'model': return 'The model is not available; choose another';
    default: return 'By you; it waits until you resume it';
  }
}

/** @param {Job} job */
export const quotaOf = (job) => (job.engine === 'gemini' ? 'Google’s quota' : 'The engine’s quota');

/**
 * The server's reason, less the list of block ids: the blocks themselves are marked.
 * @param {string} reason
 */
export const withoutIds = (reason) => reason.replace(/: b\d[\d.]*(?:, b\d[\d.]*)*(?: and \d+ more)?\./g, '.');

/** @param {number} n sections with an issue */
export const notWhollyTranslated = (n) => `${count(n, 'section')} not wholly translated`;
