import { useNow } from '../clock.js';
import { engineNamed } from '../config.js';
import { renew } from '../jobs/commands.js';
import { JobActions, Refusal, RetryIssues, useShown } from '../jobs/job-actions.js';
import { isFinished, isMoving } from '../jobs/job.js';
import { jobDetail, languagePair, notWhollyTranslated, statusWord } from '../jobs/job-words.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { deskLink } from '../route.js';
import { Bar } from '../shell/bar.js';
import { BackIcon } from '../shell/icons.js';

/**
 * Stays in view while one reads: the way back, how far it is, the file.
 * @param {{ job: import('../jobs/job.js').Job, heading: object }} props
 */
export function ReaderHead({ job: stored, heading }) {
  const job = useShown(stored);
  const now = useNow(isMoving(job), 5000);
  return html`
    <div class="reader-head">
      <a class="reader-back" href=${deskLink} data-testid="reader-back"><${BackIcon} /><span>Your documents</span></a>
      <h1 class="reader-title" tabindex="-1" ref=${heading} title=${job.filename}><bdi>${job.filename}</bdi></h1>
      <div class="reader-get">
        <${JobActions} job=${stored} testid="reader-download" bilingual />
      </div>
      <p class="reader-about"><span class="reader-pair">${languagePair(job)}</span><span class=${`job-${job.status.toLowerCase()}`}>
        <b class="job-word">${statusWord(job)}</b>${standing(job, now)}</span>
        ${job.issues_count > 0 && html`<${Issues} job=${job} />`}
      </p>
      <${Refusal} job=${stored} />
      <${Bar} value=${job.progress} tone=${job.status.toLowerCase()} testid="reader-bar" label=${`Translated so far of ${job.filename}`} />
    </div>`;
}

/**
 * @param {import('../jobs/job.js').Job} job
 * @param {number} now
 */
function standing(job, now) {
  if (job.status === 'COMPLETED') return '';
  const percent = job.progress > 0 && !isFinished(job.status) ? ` ${job.progress} %` : '';
  const detail = jobDetail(job, now);
  return `${percent} · ${/^Google/.test(detail) ? detail : detail.charAt(0).toLowerCase() + detail.slice(1)}`;
}

/**
 * What is not wholly translated, the way there, and what can be done about it.
 * @param {{ job: import('../jobs/job.js').Job }} props
 */
function Issues({ job }) {
  const [standsAt, setStandsAt] = useState('');
  const last = /** @type {{ current: HTMLElement | undefined }} */ (useRef());
  // Where one stood says nothing any more when there are fewer.
  useEffect(() => setStandsAt(''), [job.issues_count]);
  const next = () => showNextIssue(last.current, (mark, words) => {
    last.current = mark;
    setStandsAt(words);
  });
  return html`
    <span class="reader-issues">
      <span class="reader-issues-count">${notWhollyTranslated(job.issues_count)}</span>
      <button type="button" class="text-button" data-testid="next-issue" onClick=${next}>Next issue (${standsAt || job.issues_count})</button>
      ${job.status === 'COMPLETED' && html`<${RetryIssues} job=${job} />`}
      ${(job.status === 'COMPLETED' || job.status === 'FAILED') && !engineNamed(job.engine)?.free && html`
        <button type="button" class="text-button" data-testid="retry-with" onClick=${() => renew({ job, command: 'retry' })}>
          ${job.status === 'FAILED' ? 'Try again ' : ''}with another model…</button>`}
    </span>`;
}

/**
 * Goes to the marked place after the last one, as long as that is near, else to
 * the first below the top of the view; and round again.
 * @param {HTMLElement | undefined} last
 * @param {(mark: HTMLElement, words: string) => void} onShown told which of how many it is
 */
function showNextIssue(last, onShown) {
  const marks = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-testid="reader-issue"]')]);
  if (!marks.length) return;
  const top = (/** @type {HTMLElement} */ mark) => mark.getBoundingClientRect().top;
  const from = marks.findIndex((mark) => mark === last && Math.abs(top(mark)) < 2 * innerHeight);
  const at = from >= 0 ? (from + 1) % marks.length : Math.max(0, marks.findIndex((mark) => top(mark) > 0));
  marks[at].scrollIntoView({ block: 'center' });
  marks[at].focus({ preventScroll: true });
  onShown(marks[at], `${at + 1} of ${marks.length}`);
}
