import { capital, moment } from '../phrasing.js';
import { html } from '../preact.js';
import { leftAt, readerLink } from '../route.js';
import { Bar } from '../shell/bar.js';
import { BinIcon, DownloadIcon } from '../shell/icons.js';
import { download } from './download.js';
import { jobDetail, languagePair, notWhollyTranslated, statusWord } from './job-words.js';

/**
 * @param {{ job: import('./job.js').Job, now: number,
 *   onDelete: (job: import('./job.js').Job) => void }} props
 */
export function JobRow({ job, now, onDelete }) {
  const link = readerLink(job.id);
  const open = () => { leftAt.jobId = job.id; leftAt.scroll = scrollY; };
  return html`
    <li class=${`job job-${job.status.toLowerCase()}`} data-testid="job" data-job-id=${job.id}
      data-status=${job.status} data-progress=${job.progress}>
      <div class="job-title">
        <h3><a href=${link} data-testid="job-open" onClick=${open}><bdi>${job.filename}</bdi></a></h3>
        <p class="job-about">${languagePair(job)}<span class="job-sent">${capital(moment(job.created_at, now))}</span></p>
        ${job.status === 'FAILED' && job.error_message && html`<p class="job-problem">${job.error_message}</p>`}
        ${job.issues_count > 0 && html`<p class="job-problem">${notWhollyTranslated(job.issues_count)}</p>`}
      </div>
      <div class="job-state">
        <p class="job-status"><span class="job-word">${statusWord(job)}</span>
          <span class="job-percent">${job.status === 'COMPLETED' || job.status === 'FAILED' ? '' : `${job.progress} %`}</span></p>
        <${Bar} value=${job.progress} tone=${job.status.toLowerCase()} testid="job-bar"
          label=${`${job.filename}, ${statusWord(job).toLowerCase()}`} />
        <p class="job-detail">${jobDetail(job, now)}</p>
      </div>
      <div class="job-actions">
        ${job.status === 'COMPLETED' && html`
          <button type="button" class="button button-small" data-testid="job-download"
            aria-label=${`Download ${job.filename}`} onClick=${() => download(job)}>
            <${DownloadIcon} />Download</button>`}
        <button type="button" class="icon-button job-delete" data-testid="job-delete"
          aria-label=${`Delete ${job.filename}`} title="Delete" onClick=${() => onDelete(job)}><${BinIcon} /></button>
      </div>
    </li>`;
}
