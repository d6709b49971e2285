import { words } from '../words/words.js';
import { inSource, termFinder } from './terms.js';

/** Where the last one that was looked for was found. */
let found = { term: '', id: '' };

/**
 * Goes to the next passage that holds a term, and round again.
 * @param {import('./terms.js').Term} term
 * @param {string} tag the source's language
 * @param {import('./segment-feed.js').Segment[]} segments
 * @returns {{ block: Element | null, told: string }} the passage, and what to say of it
 */
export function findTerm(term, tag, segments) {
  const find = termFinder([term], inSource, tag);
  const ids = segments.flatMap(({ source }) => source.filter(({ text }) => find(text).length).map(({ id }) => id))
    .filter((id) => document.querySelector(`[data-block-id="${CSS.escape(id)}"]`));
  if (!ids.length) {
    return { block: null, told: words.reader.notInText(term.term) };
  }
  const at = (found.term === term.term ? ids.indexOf(found.id) + 1 : 0) % ids.length;
  found = { term: term.term, id: ids[at] };
  const block = document.querySelector(`[data-block-id="${CSS.escape(ids[at])}"]`);
  block?.scrollIntoView({ block: 'center' });
  return { block, told: words.reader.foundAt(at + 1, ids.length, term.term) };
}
