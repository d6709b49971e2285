import { useEffect, useLayoutEffect, useRef } from '../preact.js';
import { rememberedPlaces } from '../remembered.js';

/**
 * The block that one is reading, and how far below the top of the view it begins.
 * @typedef {{ block: HTMLElement, below: number }} Place
 */

const BLOCKS = '.block[data-block-id]';
/** Documents whose places are remembered. */
const MOST = 100;
const SAVE_AFTER_MS = 300;

/** Where the text begins to be seen, below the head that stays. */
export const viewTop = () => document.querySelector('.reader-head')?.getBoundingClientRect().bottom ?? 0;

/** @returns {Place | null} */
export function standingAt() {
  const top = viewTop() + 1;
  const segments = document.querySelectorAll('.segment');
  let at = firstReaching(segments, top);
  // Segments reach a little further down than their last blocks.
  for (; at < segments.length; at += 1) {
    const blocks = segments[at].querySelectorAll(BLOCKS);
    const block = /** @type {HTMLElement | undefined} */ (blocks[firstReaching(blocks, top)]);
    if (block) return { block, below: block.getBoundingClientRect().top };
  }
  return null;
}

/**
 * They stand one below another, so that few have to be measured: what is out of
 * sight would be laid out for it.
 * @param {NodeListOf<Element>} elements
 * @param {number} top
 */
function firstReaching(elements, top) {
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elements[middle].getBoundingClientRect().bottom < top) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Place} place */
function settle({ block, below }) {
  if (block.isConnected) scrollBy(0, block.getBoundingClientRect().top - below);
}

/**
 * Keeps under one's eyes what is there, when the calling component is drawn with
 * another value, and what it draws has another height.
 * @param {unknown} value
 */
export function usePlaceKept(value) {
  const drawn = useRef(value);
  const place = /** @type {{ current: Place | null }} */ (useRef(null));
  if (drawn.current !== value) {
    drawn.current = value;
    place.current = scrollY > 0 ? standingAt() : null;
  }
  useLayoutEffect(() => {
    const kept = place.current;
    place.current = null;
    if (!kept) return;
    settle(kept);
    // What has come into sight by this is laid out only now.
    requestAnimationFrame(() => settle(kept));
  });
}

/**
 * Remembers where one was reading, and comes back there as soon as that has arrived.
 * @param {string} jobId
 * @param {unknown} segments
 * @param {boolean} loaded whether all has arrived
 */
export function usePlace(jobId, segments, loaded) {
  const wanted = /** @type {{ current: { id: string, below: number } | null }} */ (useRef(null));
  const stood = /** @type {{ current: Place | null }} */ (useRef(null));
  useEffect(() => {
    wanted.current = places()[jobId] ?? null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    stood.current = null;
    const save = () => {
      clearTimeout(timer);
      timer = undefined;
      if (wanted.current) return;
      stood.current = scrollY > 0 ? standingAt() : null;
      remember(jobId, stood.current);
    };
    // A phone is turned, a window made wider: the same lines break otherwise.
    let width = innerWidth;
    const resized = () => {
      if (innerWidth === width) return;
      width = innerWidth;
      if (stood.current) settle(stood.current);
    };
    const scrolled = () => {
      // What the lines' breaking otherwise has moved may be told before the turn.
      resized();
      timer ??= setTimeout(save, SAVE_AFTER_MS);
    };
    // Whoever goes elsewhere meanwhile is not to be taken from there.
    const moved = () => { wanted.current = null; };
    addEventListener('scroll', scrolled, { passive: true });
    addEventListener('resize', resized);
    addEventListener('pagehide', save);
    for (const by of MOVES) addEventListener(by, moved, { passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener('scroll', scrolled);
      removeEventListener('resize', resized);
      removeEventListener('pagehide', save);
      for (const by of MOVES) removeEventListener(by, moved);
    };
  }, [jobId]);

  useEffect(() => {
    const to = wanted.current;
    if (!to) return;
    const block = /** @type {HTMLElement | null} */ (document.querySelector(`[data-block-id="${CSS.escape(to.id)}"]`));
    if (!block) {
      if (loaded) wanted.current = null;
      return;
    }
    // The head is at the top of the view then.
    const place = { block, below: (document.querySelector('.reader-head')?.clientHeight ?? 0) + to.below };
    settle(place);
    stood.current = place;
    requestAnimationFrame(() => {
      settle(place);
      wanted.current = null;
    });
  }, [segments, loaded]);
}

const MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'];

/** @returns {Record<string, { id: string, below: number }>} in the order in which they were left */
function places() {
  try { return JSON.parse(rememberedPlaces.read() ?? '') ?? {}; } catch { return {}; }
}

/** @param {string} jobId @param {Place | null} place */
function remember(jobId, place) {
  const { [jobId]: _, ...others } = places();
  const kept = Object.entries(others).slice(1 - MOST);
  if (place?.block.dataset.blockId) kept.push([jobId, { id: place.block.dataset.blockId, below: Math.round(place.below - viewTop()) }]);
  rememberedPlaces.write(JSON.stringify(Object.fromEntries(kept)));
}
