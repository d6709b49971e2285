import { mention } from '../notices/notices.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { words } from '../words/words.js';

/**
 * @typedef {import('./terms.js').Term} Term
 * @typedef {ReturnType<typeof import('./marks.js').markTerms>} Marks
 * @typedef {{ terms: Term[], x: number, y: number, above: boolean }} Card where on the pages it stands
 */

const SHOW_AFTER_MS = 180;
const HIDE_AFTER_MS = 260;
const WIDTH_PX = 288;
const ROOM_PX = 150;

/**
 * What the term under the pointer is called on the other side. Hovering shows it,
 * and so does a tap; keys ask for all that stand in a passage.
 * @param {{ current: HTMLElement | null }} pages
 * @param {{ current: Marks | null }} marks
 */
export function useTermCard(pages, marks) {
  const [card, setCard] = useState(/** @type {Card | null} */ (null));
  const state = useRef({ range: /** @type {Range | null} */ (null), timer: 0, over: false });
  const showing = useRef(false);
  showing.current = Boolean(card);

  const hide = () => {
    clearTimeout(state.current.timer);
    state.current.range = null;
    state.current.over = false;
    marks.current?.bringOut([]);
    setCard(null);
  };
  /** @param {Term[]} terms @param {DOMRect} box @param {Element} block */
  const show = (terms, box, block) => {
    const around = pages.current?.getBoundingClientRect();
    if (!around) return;
    const above = box.bottom + ROOM_PX > innerHeight;
    setCard({
      terms, above, x: Math.max(8, Math.min(box.left - around.left, around.width - WIDTH_PX - 8)),
      y: (above ? box.top - 6 : box.bottom + 6) - around.top,
    });
    marks.current?.bringOut(marks.current.in(block).filter(({ term }) => terms.includes(term)));
  };
  const later = (/** @type {() => void} */ act, /** @type {number} */ ms) => {
    clearTimeout(state.current.timer);
    state.current.timer = setTimeout(act, ms);
  };

  /** @param {PointerEvent} event */
  const point = ({ target, clientX, clientY, type, pointerType }) => {
    const tap = type === 'click';
    if (!tap && pointerType !== 'mouse') return;
    const at = /** @type {Element} */ (target);
    if (at.closest('.term-card')) {
      clearTimeout(state.current.timer);
      return;
    }
    const mark = marks.current?.at(at, clientX, clientY);
    if (mark?.range === state.current.range && mark) {
      if (showing.current) clearTimeout(state.current.timer);
      return;
    }
    state.current.range = mark?.range ?? null;
    const block = at.closest('.block');
    if (mark && block) {
      const box = [...mark.range.getClientRects()].find(({ top, bottom }) => clientY >= top && clientY <= bottom) ?? mark.range.getBoundingClientRect();
      if (tap) show([mark.term], box, block);
      else later(() => show([mark.term], box, block), SHOW_AFTER_MS);
    } else if (showing.current) later(hide, tap ? 0 : HIDE_AFTER_MS);
    else clearTimeout(state.current.timer);
  };
  const shown = Boolean(card);
  useEffect(() => {
    if (!shown) return undefined;
    // Everything stands elsewhere then.
    addEventListener('resize', hide);
    return () => removeEventListener('resize', hide);
  }, [shown]);
  useEffect(() => () => clearTimeout(state.current.timer), []);

  /** All that stand in the passage in focus, or that none does. @param {Element | null | undefined} block */
  const showAll = (block) => {
    const terms = block ? [...new Set(marks.current?.in(block).map(({ term }) => term))] : [];
    if (!block) {
      mention(words.reader.noTermsHere);
      return;
    }
    const box = (block.querySelector('.translation') ?? block).getBoundingClientRect();
    const bottom = Math.min(box.bottom, innerHeight - ROOM_PX - 10);
    show(terms, new DOMRect(box.left, bottom, box.width, 0), block);
    mention(terms.map((term) => words.reader.termIs(term.term, term.translation)).join('; ') || words.reader.noTermsHere);
  };
  return { card, point, hide, showAll };
}

/**
 * @param {{
 *   card: Card, from: import('./segment-view.js').Script, to: import('./segment-view.js').Script,
 *   onChange: (term: Term) => void, onLeave: () => void,
 * }} props
 */
export function TermCard({ card, from, to, onChange, onLeave }) {
  const w = words.reader;
  return html`
    <div class=${`term-card ${card.above ? 'term-card-above' : ''}`} data-testid="term-card" onPointerLeave=${onLeave}
      style=${{ left: `${card.x}px`, top: `${card.y}px`, width: `${WIDTH_PX}px` }}>
      ${!card.terms.length && html`<p class="term-none">${w.noTermsHere}</p>`}
      ${card.terms.map((term) => html`
        <div key=${term.term} class="term-entry">
          <p><bdi class="term-source" lang=${from.lang}>${term.term}</bdi> <span aria-hidden="true">→</span><span class="unseen">: </span> <bdi class="term-target" lang=${to.lang}>${term.translation}</bdi></p>
          <p class="term-about">${[term.kind && (w.kinds[term.kind] ?? term.kind), term.gender && (w.genders[term.gender] ?? term.gender), term.aliases?.length && w.also(term.aliases.join(', '))].filter(Boolean).join(' · ')}</p>
          <button type="button" class="text-button" data-testid="term-change" onClick=${() => onChange(term)}>${w.changeTerm}</button>
        </div>`)}
    </div>`;
}
