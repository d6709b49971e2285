import { standingAt, viewTop } from './place.js';

// Going through the text by keys. All of it has one stop for the Tab key, the way
// to edit the passage where one stands: a book would have thousands.

const BLOCKS = '.block[data-block-id]';

/** @param {Element | null | undefined} block */
const translationIn = (block) => /** @type {HTMLElement | null | undefined} */ (block?.querySelector('.translation'));

/** The passage that has the focus, or else the one that is being read. */
export const currentBlock = () => document.activeElement?.closest(BLOCKS) ?? (isNear(last) ? last : standingAt()?.block) ?? null;

/** @type {Element | null} the one where one stood last */
let last = null;

/** @param {Element | null} block */
function isNear(block) {
  if (!block?.isConnected) return false;
  const { top, bottom } = block.getBoundingClientRect();
  return bottom > viewTop() && top < innerHeight;
}

/** @param {1 | -1} step */
export function walk(step) {
  const blocks = [...document.querySelectorAll(BLOCKS)];
  const from = document.activeElement?.closest(BLOCKS) ?? (isNear(last) ? last : null);
  const to = from ? blocks[blocks.indexOf(from) + step] : standingAt()?.block;
  goTo(to);
}

/** @param {Element | null | undefined} block */
function goTo(block) {
  const translation = translationIn(block);
  translation?.focus({ preventScroll: true });
  block?.scrollIntoView({ block: 'nearest' });
}

/** Opens the passage for writing. */
export function editHere() {
  const block = currentBlock();
  /** @type {HTMLElement | null | undefined} */ (block?.querySelector('.edit'))?.click();
}

/** @type {Element | null} where the Tab key comes into the text */
let entry = null;

/** Makes the passage that gets the focus the text's stop. @param {Event} event */
export function standAt({ target }) {
  const block = /** @type {Element} */ (target).closest(BLOCKS);
  if (!block) return;
  last = block;
  enterAt(block);
}

/** Gives a text that has none its stop. @param {Element} text */
export function ensureStop(text) {
  if (!entry?.querySelector('.edit') || !text.contains(entry)) enterAt(text.querySelector(`${BLOCKS}:has(.edit)`));
}

/** @param {Element | null} block */
function enterAt(block) {
  if (block !== entry) stop(entry, -1);
  stop(block, 0);
  entry = block;
}

/** @param {Element | null} block @param {number} tabIndex */
function stop(block, tabIndex) {
  const edit = /** @type {HTMLElement | null | undefined} */ (block?.querySelector('.edit'));
  if (edit) edit.tabIndex = tabIndex;
}

/** Where one stood in another text says nothing of this. */
export function forgetStop() { last = entry = null; }

const ISSUES = '[data-testid="reader-issue"]';
/** @type {HTMLElement | undefined} the issue that was shown last */
let issue;

/**
 * Goes to the issue before or after the last one, as long as that is near, else
 * to the nearest of the view; and round again.
 * @param {1 | -1} step
 * @returns {{ at: number, of: number } | undefined} which of how many, from 1
 */
export function showIssue(step) {
  const marks = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(ISSUES)]);
  if (!marks.length) return undefined;
  const top = (/** @type {HTMLElement} */ mark) => mark.getBoundingClientRect().top;
  const from = marks.findIndex((mark) => mark === issue && Math.abs(top(mark)) < 2 * innerHeight);
  let to = from + step;
  if (from < 0) {
    const below = marks.findIndex((mark) => top(mark) > 0);
    to = step > 0 ? Math.max(0, below) : (below < 0 ? marks.length : below) - 1;
  }
  to = (to + marks.length) % marks.length;
  issue = marks[to];
  issue.scrollIntoView({ block: 'center' });
  issue.focus({ preventScroll: true });
  return { at: to + 1, of: marks.length };
}
