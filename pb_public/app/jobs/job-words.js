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
    case 'FAILED': return 'Nothing was translated';
    case 'CANCELLED': return job.segments_total ? `Stopped after ${sections(job)}` : 'Stopped before it began';
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
  const again = job.resumes_at ? `, goes on ${moment(job.resumes_at, now)}` : '';
  switch (job.pause_reason) {
    case 'quota': return `Quota used up${again || ', goes on by itself'}`;
    case 'budget': return `Spending limit reached${again}`;
    case 'key': return 'The API key is no longer accepted';
    case 'review': return 'Waits for a look at style and glossary';
    case 'model': return 'The model is no longer available';
    default: return `Paused on request${again}`;
  }
}

/** @param {number} n sections with an issue */
export const notWhollyTranslated = (n) => `${count(n, 'section')} not wholly translated`;
