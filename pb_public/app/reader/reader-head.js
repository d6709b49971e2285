import { useNow } from '../clock.js';
import { download } from '../jobs/download.js';
import { isMoving } from '../jobs/job.js';
import { jobDetail, languagePair, notWhollyTranslated, statusWord } from '../jobs/job-words.js';
import { html } from '../preact.js';
import { deskLink } from '../route.js';
import { Bar } from '../shell/bar.js';
import { BackIcon, DownloadIcon } from '../shell/icons.js';

/**
 * Stays in view while one reads: the way back, how far it is, the file.
 * @param {{ job: import('../jobs/job.js').Job, heading: object }} props
 */
export function ReaderHead({ job, heading }) {
  const now = useNow(isMoving(job), 5000);
  return html`
    <div class="reader-head">
      <a class="reader-back" href=${deskLink} data-testid="reader-back"><${BackIcon} /><span>Your documents</span></a>
      <h1 class="reader-title" tabindex="-1" ref=${heading} title=${job.filename}><bdi>${job.filename}</bdi></h1>
      <div class="reader-get">
        ${job.status === 'COMPLETED' && html`
          <button type="button" class="button button-small" data-testid="reader-download" onClick=${() => download(job)}>
            <${DownloadIcon} /><span>Download</span></button>`}
      </div>
      <p class="reader-about"><span class="reader-pair">${languagePair(job)}</span><span class=${`job-${job.status.toLowerCase()}`}>
        <b class="job-word">${statusWord(job)}</b>${standing(job, now)}</span>
        ${job.issues_count > 0 && html`
          <button type="button" class="text-button reader-issues" data-testid="next-issue" onClick=${showNextIssue}>
            ${notWhollyTranslated(job.issues_count)}</button>`}
      </p>
      <${Bar} value=${job.progress} tone=${job.status.toLowerCase()} testid="reader-bar" label=${`Translated so far of ${job.filename}`} />
    </div>`;
}

/**
 * @param {import('../jobs/job.js').Job} job
 * @param {number} now
 */
function standing(job, now) {
  if (job.status === 'COMPLETED' || job.status === 'FAILED') return '';
  const percent = job.progress > 0 ? ` ${job.progress} %` : '';
  const detail = jobDetail(job, now);
  return `${percent} · ${detail.charAt(0).toLowerCase()}${detail.slice(1)}`;
}

/** Goes to the first marked place below the top of the view, and round again. */
function showNextIssue() {
  const marks = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.issue')]);
  const at = marks.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = at >= 0
    ? marks[(at + 1) % marks.length]
    : marks.find((mark) => mark.getBoundingClientRect().top > 0) ?? marks[0];
  next?.scrollIntoView({ block: 'center' });
  next?.focus({ preventScroll: true });
}
