/**
 * Marks the glossary's terms in the text that is in sight, and knows where they
 * stand. The marks are the browser's own highlights, which change neither the
 * document nor its layout; where there are none the text stays plain.
 *
 * @typedef {import('./terms.js').Term} Term
 * @typedef {{ range: Range, term: Term }} Mark
 */

const highlights = typeof Highlight === 'undefined' ? undefined : CSS.highlights;

/**
 * @param {HTMLElement} root holds the segments
 * @param {{ source: import('./terms.js').Finder, translation: import('./terms.js').Finder }} find
 */
export function markTerms(root, find) {
  /** @type {Map<Element, Mark[]>} by segment in sight */
  const marks = new Map();
  const all = highlights && new Highlight();
  const near = highlights && new Highlight();
  if (all && near) {
    near.priority = 1;
    highlights.set('term', all);
    highlights.set('term-near', near);
  }

  /** @param {Element} segment */
  function drop(segment) {
    for (const { range } of marks.get(segment) ?? []) all?.delete(range);
    marks.delete(segment);
  }

  /** @param {Element} segment */
  function mark(segment) {
    drop(segment);
    /** @type {Mark[]} */
    const made = [];
    for (const paragraph of segment.querySelectorAll('.source, .target > .translation')) {
      for (const node of paragraph.childNodes) {
        if (!(node instanceof Text)) continue;
        for (const { start, end, term } of (paragraph.className === 'source' ? find.source : find.translation)(node.data)) {
          const range = new Range();
          range.setStart(node, start);
          range.setEnd(node, end);
          made.push({ range, term });
          all?.add(range);
        }
      }
    }
    marks.set(segment, made);
  }

  const sight = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) mark(target);
      else drop(target);
    }
  }, { rootMargin: '50%' });
  /** @type {Set<Element>} */
  const watched = new Set();
  function watch() {
    for (const segment of root.querySelectorAll('.segment')) {
      if (watched.has(segment)) continue;
      watched.add(segment);
      sight.observe(segment);
    }
  }
  let due = 0;
  /** @type {Set<Element>} */
  const touched = new Set();
  const changed = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const segment = (target instanceof Element ? target : target.parentElement)?.closest('.segment');
      if (segment) touched.add(segment);
    }
    due ||= requestAnimationFrame(() => {
      due = 0;
      watch();
      for (const segment of [...marks.keys()]) {
        if (!segment.isConnected) drop(segment);
        else if (touched.has(segment)) mark(segment);
      }
      touched.clear();
    });
  });
  changed.observe(root, { subtree: true, childList: true, characterData: true });
  watch();

  return {
    /** The mark under a point of the view. @param {Element} target @param {number} x @param {number} y */
    at(target, x, y) {
      const segment = target.closest('.segment');
      const paragraph = target.closest('.source, .translation');
      if (!segment || !paragraph) return undefined;
      return marks.get(segment)?.find(({ range }) => range.startContainer.parentElement === paragraph
        && [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom));
    },
    /** The marks in a block, which need not be in sight yet. @param {Element} block @returns {Mark[]} */
    in(block) {
      const segment = block.closest('.segment');
      if (segment && !marks.has(segment)) mark(segment);
      return segment ? (marks.get(segment) ?? []).filter(({ range }) => block.contains(range.startContainer)) : [];
    },
    /** Brings out what belongs together in a block. @param {Mark[]} them */
    bringOut(them) {
      near?.clear();
      for (const { range } of them) near?.add(range);
    },
    close() {
      cancelAnimationFrame(due);
      sight.disconnect();
      changed.disconnect();
      highlights?.delete('term');
      highlights?.delete('term-near');
    },
  };
}
