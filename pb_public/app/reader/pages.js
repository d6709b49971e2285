import { languageTitle } from '../config.js';
import { expiredWords, withoutIds } from '../jobs/job-words.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef } from '../preact.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { markTerms } from './marks.js';
import { usePlace, usePlaceKept } from './place.js';
import { SIZES, reading } from './reading.js';
import { Gap, SegmentView, leftInTheOriginal } from './segment-view.js';
import { TermCard, useTermCard } from './term-card.js';
import { inSource, inTranslation, termFinder } from './terms.js';
import { ensureStop, forgetStop, standAt } from './walk.js';

/** Browsers that keep what one reads in its place by themselves, when something arrives above. */
const ANCHORS = CSS.supports('overflow-anchor', 'auto');

/**
 * What the keys ask of the text.
 * @typedef {{
 *   showTerms: (block: Element | null) => void, hideTerms: () => boolean, bringOut: (block: Element, term: string) => void,
 * }} PagesHandle
 */

/**
 * The open book: source on the left page, translation on the right.
 * @param {{
 *   job: import('../jobs/job.js').Job, feed: ReturnType<typeof import('./segment-feed.js').createSegmentFeed>,
 *   desk: import('./brief.js').BriefDesk, onlyIssues: boolean, onAll: () => void, onTerm: (term: string) => void,
 *   handle: { current: PagesHandle | null },
 *   from: import('./segment-view.js').Script, to: import('./segment-view.js').Script, ended: boolean,
 * }} props
 */
export function Pages({ job, feed, desk, onlyIssues, onAll, onTerm, handle, from, to, ended }) {
  const { segments, loaded, error } = useStore(feed.store);
  const { size, only } = useStore(reading);
  const { glossary, loaded: known, error: unknown } = useStore(desk.store);
  const pages = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const text = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  usePlaceKept(ANCHORS ? onlyIssues : segments);
  usePlace(job.id, segments, loaded);
  useEffect(() => forgetStop, []);
  useLayoutEffect(() => { if (text.current) ensureStop(text.current); });

  const marks = /** @type {{ current: ReturnType<typeof markTerms> | null }} */ (useRef(null));
  const terms = useTermCard(pages, marks);
  const shows = segments.length > 0 && !job.expired;
  // Whoever asks before the names have come gets them when they have.
  const asked = /** @type {{ current: Element | null }} */ (useRef(null));
  useEffect(() => {
    if (!text.current || !glossary.length) return undefined;
    const made = markTerms(text.current, {
      source: termFinder(glossary, inSource, job.source_language),
      translation: termFinder(glossary, inTranslation, job.target_language),
    });
    marks.current = made;
    if (asked.current) terms.showAll(asked.current);
    asked.current = null;
    return () => {
      marks.current = null;
      terms.hide();
      made.close();
    };
  }, [glossary, shows, job.source_language, job.target_language]);
  handle.current = {
    showTerms(block) {
      if (known || unknown) terms.showAll(block);
      else asked.current = block;
    },
    hideTerms() {
      if (terms.card) terms.hide();
      return Boolean(terms.card);
    },
    bringOut: (block, term) => marks.current?.bringOut(marks.current.in(block).filter((mark) => mark.term.term === term)),
  };

  // What was an issue while only issues are shown stays in view when it is none any more.
  const issues = useMemo(() => /** @type {Map<number, Set<string>>} */ (new Map()), [onlyIssues]);
  if (onlyIssues) {
    for (const segment of segments) {
      if (segment.status === 'issue' && !issues.has(segment.position)) issues.set(segment.position, new Set(leftInTheOriginal(segment)));
    }
  }
  // Plain text has no inline markup: what looks like a tag there is text.
  const tagged = !/\.txt$/i.test(job.filename);
  const shown = onlyIssues ? segments.filter(({ position }) => issues.has(position)) : segments;
  const parts = shown.length && !job.expired ? withGaps(shown, loaded && !onlyIssues ? job.segments_total : 0, !onlyIssues) : [];
  const again = html`<button type="button" class="text-button" data-testid="pages-again" onClick=${feed.pull}>${words.common.tryAgain}</button>`;
  const w = words.reader;
  return html`
    <div class=${`spread pages ${only ? 'pages-only' : ''}`} aria-busy=${loaded ? 'false' : 'true'} ref=${pages} data-testid="pages"
      style=${{ '--scale': String(SIZES[size]) }} onPointerMove=${terms.point} onClick=${terms.point}>
      <div class="page-heads">
        <p class="page-head page-head-source">${job.source_language ? languageTitle(job.source_language) : w.original}</p>
        <p class="page-head">${languageTitle(job.target_language)}${!job.expired && html`<span class="page-hint">: ${w.tapHint}</span>`}</p>
      </div>
      ${parts.length > 0
        ? html`<div class="text" ref=${text} onfocusin=${standAt}>${parts.map((part) => (part.segment
          ? html`<${SegmentView} key=${part.key} segment=${part.segment} from=${from} to=${to} tagged=${tagged} jobId=${job.id} locale=${words.locale}
              only=${onlyIssues ? issues.get(part.first) : undefined} onCorrect=${feed.correct} />`
          : html`<${Gap} key=${part.key} first=${part.first} last=${part.last} ended=${ended} />`))}</div>`
        : html`<div class="pages-note" data-testid="pages-note">${job.expired
          ? html`<p role="status">${expiredWords(w)}</p>`
          : shows
          ? html`<p role="status">${w.noIssues} <button type="button" class="text-button" onClick=${onAll}>${w.showAll}</button></p>`
          : !loaded && !error ? html`<p role="status">${w.openingBook}</p>`
            : error ? html`<div role="alert"><p>${error}</p>${again}</div>` : html`<p>${emptyWords(job)}</p>`}</div>`}
      ${shows && error && !job.expired && html`<div class="pages-problem" role="alert"><p>${error}</p>${again}</div>`}
      ${terms.card && html`<${TermCard} card=${terms.card} from=${from} to=${to} onLeave=${terms.hide}
        onChange=${(/** @type {import('./terms.js').Term} */ term) => { terms.hide(); onTerm(term.term); }} />`}
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
 * @param {boolean} holes whether they are shown at all
 * @returns {Part[]}
 */
function withGaps(segments, total, holes) {
  /** @type {Part[]} */
  const parts = [];
  let next = 0;
  const hole = (/** @type {number} */ until) => {
    if (holes && total && until > next) parts.push({ key: `gap ${next}`, first: next, last: until - 1 });
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
  const w = words.reader;
  switch (job.status) {
    case 'FAILED': return w.emptyFailed(withoutIds(job.error_message));
    case 'CANCELLED': return w.emptyCancelled;
    case 'PAUSED': return job.pause_reason === 'review' ? w.emptyReview : w.emptyPaused;
    case 'COMPLETED': return w.emptyCompleted;
    default: return w.empty;
  }
}
