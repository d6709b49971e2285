import { language } from '../config.js';
import { hasSomething } from '../jobs/download.js';
import { isFinished } from '../jobs/job.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../preact.js';
import { deskLink } from '../route.js';
import { useSelected, useStore } from '../store.js';
import { words } from '../words/words.js';
import { createBrief } from './brief.js';
import { KeysDialog } from './keys-dialog.js';
import { useKeys } from './keys.js';
import { useLeaving } from './leaving.js';
import { NamesPanel } from './names-panel.js';
import { Pages } from './pages.js';
import { usePlaceKept } from './place.js';
import { ReaderHead } from './reader-head.js';
import { reading } from './reading.js';
import { findTerm } from './term-search.js';
import { currentBlock, editHere, showIssue, walk } from './walk.js';

/**
 * A document that is there to be read, and what is open besides.
 * @param {{
 *   job: import('../jobs/job.js').Job, feed: ReturnType<typeof import('./segment-feed.js').createSegmentFeed>, heading: object,
 * }} props
 */
export function OpenBook({ job, feed, heading }) {
  const { id, status, segments_done: done, issues_count: issues } = job;
  const desk = useMemo(() => createBrief(id), [id]);
  const from = useMemo(() => scriptOf(job.source_language), [job.source_language]);
  const to = useMemo(() => scriptOf(job.target_language), [job.target_language]);
  const [menu, setMenu] = useState(/** @type {'' | 'get' | 'reading'} */ (''));
  const [names, setNames] = useState(/** @type {{ term: string } | null} */ (null));
  const [keys, setKeys] = useState(false);
  const [onlyIssues, setOnlyIssues] = useState(false);
  const [standsAt, setStandsAt] = useState('');
  const handle = /** @type {{ current: import('./pages.js').PagesHandle | null }} */ (useRef(null));
  const cameFrom = /** @type {{ current: Element | null }} */ (useRef(null));

  useEffect(() => desk.close, [desk]);
  useLeaving(id);
  const drafted = useSelected(desk.store, ({ draft }) => draft !== null);
  // An analysis finds names while the document is prepared.
  const prepared = `${status} ${job.segments_total > 0}`;
  useEffect(() => { desk.load(); }, [desk, prepared]);

  // Whatever moves the job may have settled a segment.
  useEffect(() => { feed.pullSoon(); }, [done, issues, status, feed]);
  // A finished job that runs again has taken segments back.
  const finished = isFinished(status);
  const wasFinished = useRef(finished);
  useEffect(() => {
    if (wasFinished.current && !finished) feed.recheck();
    if (finished) feed.end();
    wasFinished.current = finished;
  }, [finished, job.completed_at, feed]);
  // Where one stood says nothing any more when there are fewer.
  useEffect(() => setStandsAt(''), [issues, onlyIssues]);

  const openNames = (term = '') => {
    if (job.expired) return;
    if (!names) cameFrom.current = document.activeElement;
    else document.getElementById('names-title')?.focus();
    setMenu('');
    setNames({ term });
  };
  const closeNames = () => setNames(null);
  const hadNames = useRef(false);
  useLayoutEffect(() => {
    // Whoever went on reading beside the open panel stays there.
    const lost = !document.activeElement || document.activeElement === document.body;
    if (hadNames.current && !names && lost) {
      const back = cameFrom.current?.isConnected && cameFrom.current !== document.body ? cameFrom.current : document.querySelector('[data-testid="open-names"]');
      /** @type {HTMLElement | null} */ (back)?.focus({ preventScroll: true });
    }
    hadNames.current = Boolean(names);
  }, [names]);
  // A job that waits to be looked over says so by what is to be looked over.
  const waits = status === 'PAUSED' && job.pause_reason === 'review';
  useEffect(() => { if (waits) openNames(); }, [waits]);
  const { size, only } = useStore(reading);
  usePlaceKept(`${Boolean(names)} ${size} ${only}`);

  const toIssue = (/** @type {1 | -1} */ step) => {
    const shown = showIssue(step);
    if (shown) setStandsAt(words.reader.atOf(shown.at, shown.of));
  };
  const find = (/** @type {import('./terms.js').Term} */ term) => {
    const { block, told } = findTerm(term, job.source_language, feed.store.get().segments);
    if (block) handle.current?.bringOut(block, term.term);
    return told;
  };
  const toggleIssues = () => {
    if (!onlyIssues) scrollTo(0, 0);
    setOnlyIssues(!onlyIssues);
  };
  const back = () => {
    if (handle.current?.hideTerms()) return;
    if (names) closeNames();
    else if (onlyIssues) setOnlyIssues(false);
    else /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  };
  useKeys({
    j: () => walk(1), k: () => walk(-1), arrowdown: () => walk(1), arrowup: () => walk(-1),
    e: editHere, t: () => handle.current?.showTerms(currentBlock()),
    n: () => toIssue(1), p: () => toIssue(-1), i: () => { if ((issues || onlyIssues) && !job.expired) toggleIssues(); },
    g: () => openNames(), d: () => { if (hasSomething(job)) setMenu('get'); }, a: () => setMenu('reading'),
    u: () => { location.hash = deskLink; }, '?': () => setKeys(true), escape: back,
  });

  return html`
    <main class=${`reader ${names ? 'reader-beside' : ''}`} id="main" data-testid="reader" data-job-id=${id} data-status=${status}>
      <${ReaderHead} job=${job} heading=${heading} view=${{
        menu, names: Boolean(names), onlyIssues, standsAt, onMenu: setMenu, onNames: () => (names ? closeNames() : openNames()),
        onKeys: () => setKeys(true), onOnlyIssues: toggleIssues, onIssue: toIssue,
      }} />
      <${Pages} job=${job} feed=${feed} desk=${desk} onlyIssues=${onlyIssues} onAll=${() => setOnlyIssues(false)} onTerm=${openNames}
        handle=${handle} from=${from} to=${to} ended=${finished} />
      ${names && !job.expired && html`<${NamesPanel} job=${job} desk=${desk} term=${names.term} from=${from} to=${to} onFind=${find} onAgain=${feed.renew} onClose=${closeNames} />`}
      ${drafted && html`<span hidden data-unsaved />`}
      ${keys && html`<${KeysDialog} onClose=${() => setKeys(false)} />`}
    </main>`;
}

/**
 * @param {string} tag
 * @returns {import('./segment-view.js').Script}
 */
function scriptOf(tag) {
  return tag ? { lang: tag, dir: language(tag).dir } : { lang: undefined, dir: 'auto' };
}
