import { percent } from '../phrasing.js';
import { html } from '../preact.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { Menu } from './menu.js';
import { SIZES, readAs, reading } from './reading.js';

/**
 * How the text is set.
 * @param {{ open: boolean, onOpen: (open: boolean) => void, onKeys: () => void }} props
 */
export function ReadingMenu({ open, onOpen, onKeys }) {
  const { size, only } = useStore(reading);
  const w = words.reader;
  const step = (/** @type {number} */ by) => () => { if (SIZES[size + by]) readAs({ size: size + by }); };
  return html`
    <${Menu} name="reading" label=${w.reading} face=${html`<span class="aa">Aa</span>`} open=${open} onOpen=${onOpen}>
      <div class="menu-row" role="group" aria-label=${w.textSize}>
        <button type="button" class="button button-small" data-testid="text-smaller" aria-label=${w.smaller} aria-disabled=${size === 0 ? 'true' : 'false'} onClick=${step(-1)}><span class="text-small">A</span></button>
        <output class="menu-size" data-testid="text-size">${percent(SIZES[size])}</output>
        <button type="button" class="button button-small" data-testid="text-larger" aria-label=${w.larger} aria-disabled=${size === SIZES.length - 1 ? 'true' : 'false'} onClick=${step(1)}><span class="text-large">A</span></button>
      </div>
      <fieldset class="menu-choice">
        <legend class="unseen">${w.shownTexts}</legend>
        <label><input type="radio" name="shown" data-testid="read-both" checked=${!only} onChange=${() => readAs({ only: false })} />${w.showBoth}</label>
        <label><input type="radio" name="shown" data-testid="read-only" checked=${only} onChange=${() => readAs({ only: true })} />${w.showOnly}</label>
      </fieldset>
      <button type="button" class="menu-item menu-keys" data-testid="open-keys" onClick=${() => { onOpen(false); onKeys(); }}>${w.keys}…</button>
    <//>`;
}
