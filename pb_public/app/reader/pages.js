import { language } from '../config.js';
import { withoutIds } from '../jobs/job-words.js';
import { html } from '../preact.js';
import { useStore } from '../store.js';
import { Gap, SegmentView } from './segment-view.js';

/**
 * The open book: source on the left page, translation on the right.
 * @param {{
 *   job: import('../jobs/job.js').Job, feed: ReturnType<typeof import('./segment-feed.js').createSegmentFeed>,
 *   from: import('./segment-view.js').Script, to: import('./segment-view.js').Script, ended: boolean,
 * }} props
 */
export function Pages({ job, feed, from, to, ended }) {
  const { segments, loaded, error } = useStore(feed.store);
  // Plain text has no inline markup: what looks like a tag there is text.
  const tagged = !/\.txt$/i.test(job.filename);
  return html`
    <div class="spread pages" aria-busy=${loaded ? 'false' : 'true'}>
      <div class="page-heads">
        <p class="page-head">${job.source_language ? language(job.source_language).english : 'Original'}</p>
        <p class="page-head">${language(job.target_language).english}<span class="page-hint">: tap a passage to edit it</span></p>
      </div>
      ${segments.length > 0
        ? html`<div class="text">${withGaps(segments, loaded ? job.segments_total : 0).map((part) => (part.segment
          ? html`<${SegmentView} key=${part.key} segment=${part.segment} from=${from} to=${to} tagged=${tagged} jobId=${job.id} onCorrect=${feed.correct} />`
          : html`<${Gap} key=${part.key} first=${part.first} last=${part.last} ended=${ended} />`))}</div>`
        : html`<div class="pages-note">${!loaded && !error
          ? html`<p role="status">Opening the book…</p>`
          : html`<p>${error || emptyWords(job)}</p>`}</div>`}
      ${segments.length > 0 && error && html`<p class="pages-problem" role="alert">${error}</p>`}
    </div>`;
}

/**
 * @typedef {{ key: string, segment?: import('./segment-feed.js').Segment, first: number, last: number }} Part
 */

/**
 * The segments with the holes between them. The total is 0 while it does not
 * matter yet.
 * @param {import('./segment-feed.js').Segment[]} segments
 * @param {number} total
 * @returns {Part[]}
 */
function withGaps(segments, total) {
  /** @type {Part[]} */
  const parts = [];
  let next = 0;
  const hole = (/** @type {number} */ until) => {
    if (total && until > next) parts.push({ key: `gap ${next}`, first: next, last: until - 1 });
  };
  for (const segment of segments) {
    hole(segment.position);
    parts.push({ key: `segment ${segment.position}`, segment, first: segment.position, last: segment.position });
    next = segment.position + 1;
  }
  hole(total);
  return parts;
}

/** @param {import('../jobs/job.js').Job} job */
function emptyWords(job) {
  switch (job.status) {
    case 'FAILED': return `${withoutIds(job.error_message) || 'Nothing of this document could be translated.'} You can try it again.`;
    case 'CANCELLED': return 'This translation was stopped before its first page. To begin anew, send the document again.';
    case 'PAUSED': return 'Nothing is translated yet, and the translation is paused.';
    case 'COMPLETED': return 'The text of this document is no longer kept.';
    default: return 'Nothing to read yet. Each section appears here as soon as it is translated.';
  }
}
