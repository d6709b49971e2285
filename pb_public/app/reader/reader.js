import { Outdated, bring, loadNew } from '../bring.js';
import { fetchJob, jobs } from '../jobs/jobs-store.js';
import { dismissLinks } from '../notices/notices.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../preact.js';
import { deskLink, readerLink } from '../route.js';
import { useSelected } from '../store.js';
import { words } from '../words/words.js';
import { createSegmentFeed } from './segment-feed.js';

/** @typedef {typeof import('./open-book.js').OpenBook} Book */

/**
 * The reader's own code comes when it is needed, or when nothing else is to be
 * done: the desk stands sooner without it.
 * @type {Promise<Book> | undefined}
 */
let coming;
/** @type {Book | undefined} */
let OpenBook;

async function bringBook() {
  coming ??= bring(() => import('./open-book.js')).then((module) => module.OpenBook);
  try {
    OpenBook = await coming;
  } catch (error) {
    coming = undefined;
    throw error;
  }
}
const SOON_MS = 2000;
setTimeout(() => bringBook().catch(() => {}), SOON_MS);

/** @param {{ jobId: string }} props */
export function Reader({ jobId }) {
  const job = useSelected(jobs, ({ byId }) => byId.get(jobId));
  const [problem, setProblem] = useState({ status: 0, message: '', outdated: false });
  const feed = useMemo(() => createSegmentFeed(jobId), [jobId]);
  const [, setBrought] = useState(Boolean(OpenBook));
  const heading = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const wasHere = useRef(false);
  if (job) wasHere.current = true;

  const open = () => {
    setProblem({ status: 0, message: '', outdated: false });
    Promise.all([fetchJob(jobId), bringBook().then(() => setBrought(true))])
      .catch((error) => setProblem({ status: error.status ?? 0, message: error.message, outdated: error instanceof Outdated }));
    feed.pull();
  };
  useEffect(() => {
    dismissLinks(readerLink(jobId));
    open();
    return feed.close;
  }, [feed]);

  const shows = job && OpenBook ? 'document' : problem.message ? 'problem' : 'waiting';
  useLayoutEffect(() => scrollTo(0, 0), [jobId]);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [jobId, shows]);

  const w = words.reader;
  if (job && OpenBook) return html`<${OpenBook} job=${job} feed=${feed} heading=${heading} />`;
  if (!job && (problem.status === 404 || wasHere.current)) {
    return html`<${Absent} heading=${heading} title=${w.absentTitle} text=${w.absent} />`;
  }
  if (problem.message) {
    return html`<${Absent} heading=${heading} title=${w.cannotShow} text=${problem.message}
      onRetry=${problem.outdated ? loadNew : open} retryWords=${problem.outdated ? words.errors.loadNew : words.common.tryAgain} />`;
  }
  return html`<main class="reader" id="main" aria-busy="true"><p class="opening" role="status">${w.opening}</p></main>`;
}

/** @param {{ heading: object, title: string, text: string, onRetry?: () => void, retryWords?: string }} props */
function Absent({ heading, title, text, onRetry, retryWords }) {
  return html`
    <main class="reader" id="main">
      <div class="absent" data-testid="reader-absent">
        <h1 tabindex="-1" ref=${heading}>${title}</h1>
        <p>${text}</p>
        <p class="absent-ways">
          ${onRetry && html`<button type="button" class="button" data-testid="reader-retry" onClick=${onRetry}>${retryWords}</button>`}
          <a class="button" href=${deskLink}>${words.reader.backToDocuments}</a>
        </p>
      </div>
    </main>`;
}
