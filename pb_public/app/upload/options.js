import { languageTitle } from '../config.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../preact.js';
import { complete } from '../reader/draft.js';
import { rememberedOptions } from '../remembered.js';
import { DownIcon } from '../shell/icons.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { bringNames } from './bring-names.js';
import { EngineChoice, chosenEngine, chosenWords, translator } from './engine-choice.js';
import { SourceChoice, target } from './language-choice.js';
import { wishes } from './wishes.js';

/** @type {Record<string, string>} */
const FIELDS = { key: 'api-key', model: 'model', budget: 'budget', source: 'source-language', names: 'write-names' };

/**
 * What most people leave as it is, folded away. What is set in it is said while
 * it is.
 * @param {{ expected: number, onNames: () => void }} props
 */
export function Options({ expected, onNames }) {
  const { objection } = useStore(translator);
  const { source } = useStore(target);
  const { style, rows, review } = useStore(wishes.store);
  const needed = chosenEngine().needs_key;
  const [open, setOpen] = useState(() => (rememberedOptions.read() ?? (needed ? 'open' : '')) === 'open');
  const inside = objection.at && objection.at !== 'language';
  const fold = /** @type {{ current: HTMLDetailsElement | null }} */ (useRef(null));
  // A refused field cannot stay hidden: it is shown and has the focus.
  useLayoutEffect(() => {
    if (!inside || !fold.current) return;
    fold.current.open = true;
    setOpen(true);
    document.getElementById(FIELDS[objection.at])?.focus();
  }, [objection]);
  useEffect(() => { if (needed) setOpen(true); }, [needed]);
  useEffect(() => { if (open) bringNames().catch(() => { /* it is asked for again */ }); }, [open]);
  const w = words.desk;
  const said = [...chosenWords(), source && w.fromLanguage(languageTitle(source)), namesWords(rows, style), review && w.withReview].filter(Boolean);
  const toggle = (/** @type {any} */ event) => {
    const now = event.currentTarget.open;
    if (now === open) return;
    setOpen(now);
    rememberedOptions.write(now ? 'open' : 'folded');
  };
  return html`
    <details class="options" data-testid="options" ref=${fold} open=${open} onToggle=${toggle}>
      <summary data-testid="options-toggle"><span>${w.options}</span><${DownIcon} />
        <small data-testid="options-set">${open ? '' : said.join(' · ')}</small></summary>
      <div class="options-fields">
        <${EngineChoice} expected=${expected} />
        <${SourceChoice} />
        <div class="names-way">
          <p><span class="eyebrow" id="names-words">${w.styleAndNames}</span>
            <span class="names-set" data-testid="names-set">${namesWords(rows, style) || w.foundInEach}</span></p>
          <button type="button" class="button button-small" id="write-names" data-testid="write-names" aria-describedby="names-words" onClick=${onNames}>${w.writeNames}</button>
          ${objection.at === 'names' && html`<p class="field-words field-problem" data-testid="field-problem" role="alert">${objection.message}</p>`}
        </div>
        <label class="tick"><input type="checkbox" data-testid="review" checked=${review}
          onChange=${(/** @type {any} */ event) => wishes.setReview(event.currentTarget.checked)} />
          <span>${w.review}<small>${w.reviewHint}</small></span></label>
      </div>
    </details>`;
}

/**
 * @param {import('../reader/draft.js').Row[]} rows
 * @param {Record<string, any>} style
 */
function namesWords(rows, style) {
  const names = rows.filter(complete).length;
  const written = Object.values(style).some(Boolean);
  if (names) return written ? words.desk.namesAndStyle(names) : words.desk.namesSet(names);
  return written ? words.desk.styleSet : '';
}
