import { commands } from '../jobs/commands.js';
import { retry } from '../jobs/job-actions.js';
import { withoutIds } from '../jobs/job-words.js';
import { isMoving } from '../jobs/job.js';
import { jobs } from '../jobs/jobs-store.js';
import { html } from '../preact.js';
import { useSelected, useStore } from '../store.js';
import { words } from '../words/words.js';

/** @typedef {import('./segment-feed.js').Segment} Segment */

/**
 * Why a segment is not wholly translated, and what can be done about it.
 * @param {{ segment: Segment, whole: boolean, jobId: string }} props whole: nothing of it is
 */
export function IssueNote({ segment, whole, jobId }) {
  const job = useSelected(jobs, ({ byId }) => byId.get(jobId));
  const working = useStore(commands).busy.has(jobId);
  if (!job) return null;
  if (segment.status === 'again') {
    return html`<div class="block"><p class="issue issue-again" data-testid="reader-again">${againWords(job)}</p></div>`;
  }
  const w = words.reader;
  const retryable = job.status === 'COMPLETED' || job.status === 'FAILED';
  return html`
    <div class="block">
      <div class="issue" tabindex="-1" data-testid="reader-issue">
        <p><b>${whole ? w.wholeInOriginal : w.partInOriginal}</b> ${reasonOf(segment)}</p>
        <p class="issue-ways">
          ${retryable && html`
            <button type="button" class="text-button" data-testid="retry-segment" aria-disabled=${working ? 'true' : 'false'}
              onClick=${() => !working && retry(job, [segment.position])}>${working ? w.starting : w.retrySection}</button>`}
          <span>${retryable ? w.orWrite : w.writeYourself}</span>
        </p>
      </div>
    </div>`;
}

/**
 * Says of a translation that another is on its way; it takes no room, so that
 * nothing moves.
 * @param {{ jobId: string }} props
 */
export function RenewedNote({ jobId }) {
  const job = useSelected(jobs, ({ byId }) => byId.get(jobId));
  return job ? html`<p class="renewed-note" data-testid="reader-renewed">${isMoving(job) ? words.reader.renewing : job.status === 'PAUSED' ? words.reader.renewWaits : ''}</p>` : null;
}

/** @param {import('../jobs/job.js').Job} job */
function againWords(job) {
  if (isMoving(job)) return words.reader.again;
  return job.status === 'PAUSED' ? words.reader.againWaits : words.reader.notAgain;
}

/** @param {Segment} segment */
function reasonOf({ issue, source }) {
  return issue ? withoutIds(issue) : words.reader.uncertain(source.length);
}
