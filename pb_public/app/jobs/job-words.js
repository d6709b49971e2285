import { config, engineNamed, engineTitle, languageTitle } from '../config.js';
import { CENT, clock, moment, money, timeLeft } from '../phrasing.js';
import { modelTitle } from '../shell/model-options.js';
import { words } from '../words/words.js';
import { isFinished } from './job.js';
import { stream } from './stream.js';

/** @typedef {import('./job.js').Job} Job */

/** @param {Job} job */
export const statusWord = (job) => words.jobs.status[job.status] ?? job.status;

/** @param {Job} job */
export function languagePair(job) {
  const target = languageTitle(job.target_language);
  return job.source_language ? words.jobs.pair(languageTitle(job.source_language), target) : words.jobs.into(target);
}

/**
 * Why there is nothing of it any more, and what to do about it.
 * @param {{ expired: string, expiredAfter: (days: number) => string }} said
 */
export const expiredWords = ({ expired, expiredAfter }) => (config.limits.keep_days ? expiredAfter(config.limits.keep_days) : expired);

/** Who translates it. @param {Job} job */
export function translatorOf({ engine, model_name: model }) {
  const { free, models = [] } = engineNamed(engine) ?? {};
  return !model || (free && models.length === 1) ? engineTitle(engine) : modelTitle(model);
}

/** What it has cost, and what it is going to; nothing of what is free. @param {Job} job */
export function costOf(job) {
  const { cost_usd: cost, quoted_cost_usd: quoted } = job;
  const { cost: known, costAbout, costUnknown } = words.jobs;
  if (engineNamed(job.engine)?.free) return '';
  if (cost === null) return isFinished(job.status) ? costUnknown : '';
  if (isFinished(job.status) || quoted === null) return known(money(cost));
  return cost > 0 || quoted < CENT ? spentOf(job) : costAbout(money(quoted));
}

/** What it has cost so far, of what it was expected to; nothing where that is not known. @param {Job} job */
export function spentOf({ cost_usd: cost, quoted_cost_usd: quoted }) {
  const { cost: known, costOf: of } = words.jobs;
  if (cost === null) return '';
  if (quoted === null) return known(money(cost));
  // Of what nobody can pay one bound says all.
  return quoted < CENT && cost < CENT ? known(money(quoted)) : of(money(cost), money(quoted));
}

/**
 * How a job stands, in a phrase.
 * @param {Job} job
 * @param {number} now
 */
export function jobDetail(job, now) {
  const { begins, readsIt, nothingTranslated, stoppedAfter, stoppedBefore } = words.jobs;
  switch (job.status) {
    case 'PENDING': return lastKnown(begins, now) ?? begins;
    case 'PROCESSING': {
      const done = job.segments_total ? sections(job) : readsIt;
      return lastKnown(done, now) ?? withTimeLeft(done, job, now);
    }
    case 'PAUSED': return pauseReason(job, now);
    case 'COMPLETED': return job.completed_at ? moment(job.completed_at, now) : words.jobs.sections(job.segments_total);
    case 'FAILED': return job.expired ? words.jobs.nothingIsThere : nothingTranslated;
    case 'CANCELLED': return job.segments_done ? stoppedAfter(sections(job)) : stoppedBefore;
    default: return '';
  }
}

/** @param {Job} job */
const sections = (job) => words.jobs.sectionsDone(job.segments_done, job.segments_total);

/**
 * What was true when the server was last heard of says so, and promises nothing.
 * @param {string} said
 * @param {number} now
 */
function lastKnown(said, now) {
  const { asOf } = stream.get();
  if (!asOf) return undefined;
  const today = new Date(asOf).toDateString() === new Date(now).toDateString();
  return words.jobs.asOf(said, today ? clock(asOf) : moment(new Date(asOf).toISOString(), now));
}

/**
 * @param {string} done
 * @param {Job} job
 * @param {number} now
 */
function withTimeLeft(done, job, now) {
  if (job.eta_seconds === null || job.segments_done === 0) return done;
  return words.jobs.withLeft(done, timeLeft(Math.max(0, job.eta_seconds - (now - job.eta_at) / 1000)));
}

/**
 * @param {Job} job
 * @param {number} now
 */
function pauseReason(job, now) {
  const { paused } = words.jobs;
  const again = job.resumes_at ? paused.goesOnAt(moment(job.resumes_at, now)) : paused.goesOn;
  switch (job.pause_reason) {
    case 'quota': return paused.quota(quotaOf(job), again);
    case 'budget': return job.resumes_at ? paused.share(again) : paused.budget;
    case 'key': return paused.key;
    case 'review': return paused.review;
    case 'model': return paused.model;
    default: return paused.user;
  }
}

/** @param {Job} job */
export const quotaOf = (job) => (job.engine === 'gemini' ? words.jobs.paused.googleQuota : words.jobs.paused.engineQuota);

/**
 * The server's reason, less the list of block ids: the blocks themselves are marked.
 * @param {string} reason
 */
export const withoutIds = (reason) => reason.replace(/: b\d[\d.]*(?:, b\d[\d.]*)*(?: and \d+ more)?\./g, '.');

/** @param {number} n sections with an issue */
export const notWhollyTranslated = (n) => words.jobs.notWhollyTranslated(n);
