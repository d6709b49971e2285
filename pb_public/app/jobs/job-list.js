import { MailSwitch } from '../notices/mail-switch.js';
import { say } from '../notices/notices.js';
import { html, useEffect, useLayoutEffect, useRef } from '../preact.js';
import { useAttention } from '../shell/attention.js';
import { useSelected, useStore } from '../store.js';
import { uploads } from '../upload/upload-queue.js';
import { words } from '../words/words.js';
import { JobFilter } from './job-filter.js';
import { JobRow, opened } from './job-row.js';
import { jobs } from './jobs-store.js';
import { hold, loadMore, refreshJobs, show, showArrived } from './listing.js';
import { isNarrowed, query } from './query.js';

/** Fewer are seen at a glance. */
const WORTH_FILTERING = 4;

export function JobList() {
  const loaded = useSelected(jobs, (state) => state.loaded);
  const error = useSelected(jobs, (state) => state.error);
  const listed = useSelected(jobs, (state) => state.listed);
  const cursor = useSelected(jobs, (state) => state.cursor);
  const narrowed = isNarrowed(useStore(query));
  const list = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const focusNext = useRef('');
  useLayoutEffect(() => {
    if (!focusNext.current) return;
    /** @type {HTMLElement | null | undefined} */
    (list.current?.querySelector(`[data-job-id="${CSS.escape(focusNext.current)}"] a`))?.focus({ preventScroll: true });
    focusNext.current = '';
  }, [listed]);

  // While another list is on its way, what one has chosen by stays.
  const filters = useRef(false);
  if (narrowed || listed.length >= WORTH_FILTERING) filters.current = true;
  else if (loaded) filters.current = false;

  const said = words.jobs;
  const empty = loaded && !listed.length;
  return html`
    <section class="shelf" aria-labelledby="shelf-title" aria-busy=${loaded ? 'false' : 'true'}>
      <div class="shelf-head">
        <h2 id="shelf-title" tabindex="-1">${said.title}</h2>
        <${Arrived} onShown=${(/** @type {string} */ id) => { focusNext.current = id; }} />
        <${MailSwitch} />
      </div>
      ${filters.current && html`<${JobFilter} />`}
      ${!loaded && !error && !listed.length && html`<${Loading} />`}
      ${!loaded && error && html`
        <div class="shelf-note" role="alert" data-testid="list-problem">
          <p class="shelf-note-title">${said.unavailable}</p>
          <p>${error}</p>
          <button type="button" class="button" onClick=${() => refreshJobs()}>${words.common.tryAgain}</button>
        </div>`}
      ${empty && narrowed && html`
        <div class="shelf-note" data-testid="list-none">
          <p class="shelf-note-title">${said.noneTitle}</p>
          <p>${said.none}</p>
          <button type="button" class="button" data-testid="show-everything" onClick=${everything}>${said.showAll}</button>
        </div>`}
      ${empty && !narrowed && html`
        <div class="shelf-note" data-testid="list-empty">
          <p class="shelf-note-title">${said.emptyTitle}</p>
          <p>${said.empty}</p>
        </div>`}
      ${listed.length > 0 && (loaded || !error) && html`<${Rows} list=${list} ids=${listed} locale=${words.locale} />`}
      ${cursor && html`<${Older} onShown=${(/** @type {string} */ id) => { focusNext.current = id; }} />`}
    </section>`;
}

/** @param {Event} event */
function everything(event) {
  show({ show: 'all', search: '' });
  // The button goes with what it said.
  /** @type {HTMLElement} */ (event.currentTarget).closest('section')?.querySelector('h2')?.focus();
}

/**
 * A row that is in the list already is not drawn anew when others come or go.
 * @param {{ list: object, ids: string[], locale: string }} props
 */
function Rows({ list, ids, locale }) {
  const drawn = /** @type {{ current: Map<string, object> }} */ (useRef(new Map()));
  const spoken = useRef(locale);
  const before = spoken.current === locale ? drawn.current : new Map();
  spoken.current = locale;
  drawn.current = new Map(ids.map((id) => [id, before.get(id) ?? html`<${JobRow} key=${id} id=${id} />`]));

  const box = /** @type {{ current: HTMLElement | null }} */ (list);
  useEffect(() => { standAgain(box.current); }, []);
  const attention = useAttention(hold);
  return html`
    <ul class="jobs" ref=${list} data-testid="jobs" ...${attention}>${[...drawn.current.values()]}</ul>`;
}

/**
 * Brings the title that was opened to where it stood: rows out of sight are not
 * measured, so how far the page was scrolled does not say it exactly.
 * @param {HTMLElement | null} list
 */
function standAgain(list) {
  const title = opened.id && list?.querySelector(`[data-job-id="${CSS.escape(opened.id)}"] a`);
  opened.id = '';
  if (title) scrollBy(0, title.getBoundingClientRect().top - opened.top);
}

/**
 * What came from elsewhere waits until it is asked for. What this page is sending is
 * told by the stream before the answer comes, and is none of it.
 * @param {{ onShown: (id: string) => void }} props
 */
function Arrived({ onShown }) {
  const n = useSelected(jobs, ({ arrived }) => arrived.length);
  const sending = useSelected(uploads, ({ items }) => items.some(({ stage }) => stage === 'sending'));
  const press = () => {
    const [first] = showArrived();
    onShown(first);
  };
  return html`
    <div class="shelf-arrived" role="status">
      ${n > 0 && !sending && html`<button type="button" class="button button-small" data-testid="arrived" onClick=${press}>${words.jobs.arrived(n)}</button>`}
    </div>`;
}

/** @param {{ onShown: (id: string) => void }} props */
function Older({ onShown }) {
  const loading = useSelected(jobs, ({ loadingMore }) => loadingMore);
  const more = async () => {
    const before = new Set(jobs.get().listed);
    try {
      await loadMore();
      onShown(jobs.get().listed.find((id) => !before.has(id)) ?? '');
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, { tone: 'bad' });
    }
  };
  return html`
    <button type="button" class="button shelf-more" data-testid="load-more" aria-disabled=${loading ? 'true' : 'false'} onClick=${more}>
      ${loading ? words.jobs.loadingOlder : words.jobs.older}</button>`;
}

/** Empty rows of the rows' own height, so that nothing jumps. */
function Loading() {
  return html`
    <div class="jobs jobs-loading">
      <p class="unseen" role="status">${words.jobs.loading}</p>
      ${[0, 1, 2].map((n) => html`<div key=${n} class="job job-blank" aria-hidden="true"><i /><i /></div>`)}
    </div>`;
}
