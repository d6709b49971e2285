import { language } from '../config.js';
import { isFinished } from '../jobs/job.js';
import { fetchJob, jobs } from '../jobs/jobs-store.js';
import { dismissLinks } from '../notices/notices.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../preact.js';
import { deskLink, readerLink } from '../route.js';
import { useStore } from '../store.js';
import { Pages } from './pages.js';
import { ReaderHead } from './reader-head.js';
import { createSegmentFeed } from './segment-feed.js';

/** @param {{ jobId: string }} props */
export function Reader({ jobId }) {
  const job = useStore(jobs).byId.get(jobId);
  const [problem, setProblem] = useState({ status: 0, message: '' });
  const feed = useMemo(() => createSegmentFeed(jobId), [jobId]);
  const from = useMemo(() => scriptOf(job?.source_language ?? ''), [job?.source_language]);
  const to = useMemo(() => scriptOf(job?.target_language ?? ''), [job?.target_language]);
  const heading = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const wasHere = useRef(false);
  if (job) wasHere.current = true;

  const open = () => {
    setProblem({ status: 0, message: '' });
    fetchJob(jobId).catch(({ status, message }) => setProblem({ status, message }));
    feed.pull();
  };
  useEffect(() => {
    dismissLinks(readerLink(jobId));
    open();
    return feed.close;
  }, [feed]);

  const shows = job ? 'document' : problem.message ? 'problem' : 'waiting';
  useLayoutEffect(() => scrollTo(0, 0), [jobId]);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [jobId, shows]);

  // Whatever moves the job may have settled a segment.
  const standing = job ? `${job.segments_done} ${job.issues_count} ${job.status}` : '';
  useEffect(() => { if (standing) feed.pullSoon(); }, [standing, feed]);
  // A finished job that runs again has taken segments back.
  const finished = Boolean(job && isFinished(job.status));
  const wasFinished = useRef(finished);
  useEffect(() => {
    if (wasFinished.current && !finished) feed.recheck();
    wasFinished.current = finished;
  }, [finished, feed]);

  if (job) {
    return html`
      <main class="reader" id="main" data-testid="reader" data-job-id=${jobId} data-status=${job.status}>
        <${ReaderHead} job=${job} heading=${heading} />
        <${Pages} job=${job} feed=${feed} from=${from} to=${to} ended=${isFinished(job.status)} />
      </main>`;
  }
  if (problem.status === 404 || wasHere.current) {
    return html`<${Absent} heading=${heading} title="This document is not here."
      words="It has been deleted, or it belongs to somebody else." />`;
  }
  if (problem.message) {
    return html`<${Absent} heading=${heading} title="This document cannot be shown." words=${problem.message} onRetry=${open} />`;
  }
  return html`<main class="reader" id="main" aria-busy="true"><p class="opening" role="status">Opening the document…</p></main>`;
}

/** @param {{ heading: object, title: string, words: string, onRetry?: () => void }} props */
function Absent({ heading, title, words, onRetry }) {
  return html`
    <main class="reader" id="main">
      <div class="absent" data-testid="reader-absent">
        <h1 tabindex="-1" ref=${heading}>${title}</h1>
        <p>${words}</p>
        <p class="absent-ways">
          ${onRetry && html`<button type="button" class="button" onClick=${onRetry}>Try again</button>`}
          <a class="button" href=${deskLink}>Back to your documents</a>
        </p>
      </div>
    </main>`;
}

/**
 * @param {string} tag
 * @returns {import('./segment-view.js').Script}
 */
function scriptOf(tag) {
  return tag ? { lang: tag, dir: language(tag).dir } : { lang: undefined, dir: 'auto' };
}
