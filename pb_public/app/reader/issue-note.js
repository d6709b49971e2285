import { commands } from '../jobs/commands.js';
import { retry } from '../jobs/job-actions.js';
import { withoutIds } from '../jobs/job-words.js';
import { isMoving } from '../jobs/job.js';
import { jobs } from '../jobs/jobs-store.js';
import { count } from '../phrasing.js';
import { html } from '../preact.js';
import { useStore } from '../store.js';

/** @typedef {import('./segment-feed.js').Segment} Segment */

/**
 * Why a segment is not wholly translated, and what can be done about it.
 * @param {{ segment: Segment, whole: boolean, jobId: string }} props whole: nothing of it is
 */
export function IssueNote({ segment, whole, jobId }) {
  const job = useStore(jobs).byId.get(jobId);
  const working = useStore(commands).busy.has(jobId);
  if (!job) return null;
  if (segment.status === 'again') {
    return html`<div class="block"><p class="issue issue-again" data-testid="reader-again">${againWords(job)}</p></div>`;
  }
  const retryable = job.status === 'COMPLETED' || job.status === 'FAILED';
  return html`
    <div class="block">
      <div class="issue" tabindex="-1" data-testid="reader-issue">
        <p><b>${whole ? 'This' : 'Part of this'} section stands in the original.</b> ${reasonOf(segment)}</p>
        <p class="issue-ways">
          ${retryable && html`
            <button type="button" class="text-button" data-testid="retry-segment" aria-disabled=${working ? 'true' : 'false'}
              onClick=${() => !working && retry(job, [segment.position])}>${working ? 'Starting…' : 'Retry this section'}</button>`}
          <span>${retryable ? 'or' : 'You can'} write it yourself, below.</span>
        </p>
      </div>
    </div>`;
}

/** @param {import('../jobs/job.js').Job} job */
function againWords(job) {
  if (isMoving(job)) return 'This section is being translated again.';
  return job.status === 'PAUSED' ? 'This section waits to be translated again.' : 'This section was not translated again.';
}

/** @param {Segment} segment */
function reasonOf({ issue, source }) {
  if (issue) return withoutIds(issue);
  return `${count(source.length, 'passage')} could not be translated with certainty.`;
}
