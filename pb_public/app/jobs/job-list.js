import { useNow } from '../clock.js';
import { say } from '../notices/notices.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { useStore } from '../store.js';
import { DeleteDialog } from './delete-dialog.js';
import { JobRow } from './job-row.js';
import { anyMoving, jobs, listedJobs, loadMore, refreshJobs } from './jobs-store.js';

/** @typedef {import('./job.js').Job} Job */

const TICK_MOVING_MS = 5000;

export function JobList() {
  const { loaded, error, cursor, loadingMore } = useStore(jobs);
  const listed = listedJobs();
  const now = useNow(anyMoving(), TICK_MOVING_MS);
  const [deleting, setDeleting] = useState(/** @type {Job | null} */ (null));
  const heading = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const lostFocus = useRef(false);
  const list = /** @type {{ current: HTMLElement | null }} */ (useRef(null));

  const closeDialog = (/** @type {boolean} */ deleted) => {
    const job = deleting;
    setDeleting(null);
    if (!job) return;
    if (!deleted) return;
    say(`“${job.filename}” is deleted.`);
    lostFocus.current = true;
  };
  // The dialog gives the focus back by itself, but not to what it deleted; and
  // nothing outside takes it before the dialog is gone.
  useEffect(() => {
    if (deleting || !lostFocus.current) return;
    lostFocus.current = false;
    heading.current?.focus();
  }, [deleting]);
  const more = async () => {
    const before = listed.length;
    try {
      await loadMore();
      /** @type {HTMLElement | null | undefined} */
      (list.current?.querySelectorAll('[data-testid="job-open"]')[before])?.focus();
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, { tone: 'bad' });
    }
  };

  return html`
    <section class="shelf" aria-labelledby="shelf-title" aria-busy=${loaded ? 'false' : 'true'}>
      <h2 id="shelf-title" tabindex="-1" ref=${heading}>Your documents</h2>
      ${!loaded && !error && html`<${Loading} />`}
      ${!loaded && error && html`
        <div class="shelf-note" role="alert">
          <p class="shelf-note-title">Your documents cannot be shown.</p>
          <p>${error}</p>
          <button type="button" class="button" onClick=${() => refreshJobs()}>Try again</button>
        </div>`}
      ${loaded && !listed.length && html`
        <div class="shelf-note">
          <p class="shelf-note-title">The shelf is empty.</p>
          <p>What you have translated stays here, to read and to download.</p>
        </div>`}
      ${listed.length > 0 && html`
        <ul class="jobs" ref=${list}>
          ${listed.map((job) => html`<${JobRow} key=${job.id} job=${job} now=${now} onDelete=${setDeleting} />`)}
        </ul>`}
      ${cursor && html`
        <button type="button" class="button shelf-more" data-testid="load-more" disabled=${loadingMore} onClick=${more}>
          ${loadingMore ? 'Loading…' : 'Show older documents'}</button>`}
      ${deleting && html`<${DeleteDialog} key=${deleting.id} job=${deleting} onClose=${closeDialog} />`}
    </section>`;
}

/** Empty rows of the rows' own height, so that nothing jumps. */
function Loading() {
  return html`
    <div class="jobs jobs-loading">
      <p class="unseen" role="status">Loading your documents…</p>
      ${[0, 1, 2].map((n) => html`<div key=${n} class="job job-blank" aria-hidden="true"><i /><i /></div>`)}
    </div>`;
}
