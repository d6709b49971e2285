import { capital, moment } from '../phrasing.js';
import { html } from '../preact.js';
import { leftAt, readerLink } from '../route.js';
import { Bar } from '../shell/bar.js';
import { BinIcon } from '../shell/icons.js';
import { JobActions, Refusal, RetryIssues, useShown } from './job-actions.js';
import { isFinished } from './job.js';
import { jobDetail, languagePair, notWhollyTranslated, statusWord, withoutIds } from './job-words.js';

/**
 * @param {{ job: import('./job.js').Job, now: number,
 *   onDelete: (job: import('./job.js').Job) => void }} props
 */
export function JobRow({ job: stored, now, onDelete }) {
  const job = useShown(stored);
  const link = readerLink(job.id);
  const open = () => { leftAt.jobId = job.id; leftAt.scroll = scrollY; };
  return html`
    <li class=${`job job-${job.status.toLowerCase()}`} data-testid="job" data-job-id=${job.id}
      data-status=${stored.status} data-progress=${job.progress}>
      <div class="job-title">
        <h3><a href=${link} data-testid="job-open" onClick=${open}><bdi>${job.filename}</bdi></a></h3>
        <p class="job-about">${languagePair(job)}<span class="job-sent">${capital(moment(job.created_at, now))}</span></p>
        ${job.status === 'FAILED' && job.error_message && html`<p class="job-problem">${withoutIds(job.error_message)}</p>`}
        ${job.issues_count > 0 && job.status !== 'FAILED' && html`
          <p class="job-problem">${notWhollyTranslated(job.issues_count)}${job.status === 'COMPLETED' && html`<${RetryIssues} job=${job} />`}</p>`}
        <${Refusal} job=${job} />
      </div>
      <div class="job-state">
        <p class="job-status"><span class="job-word">${statusWord(job)}</span>
          <span class="job-percent">${isFinished(job.status) ? '' : `${job.progress} %`}</span></p>
        <${Bar} value=${job.progress} tone=${job.status.toLowerCase()} testid="job-bar"
          label=${`${job.filename}, ${statusWord(job).toLowerCase()}`} />
        <p class="job-detail">${jobDetail(job, now)}</p>
      </div>
      <div class="job-actions">
        <${JobActions} job=${stored} testid="job-download" />
        <button type="button" class="icon-button job-delete" data-testid="job-delete"
          aria-label=${`Delete ${job.filename}`} title="Delete" onClick=${() => onDelete(job)}><${BinIcon} /></button>
      </div>
    </li>`;
}
