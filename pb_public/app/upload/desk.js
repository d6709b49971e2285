import { Outdated, loadNew } from '../bring.js';
import { useNow } from '../clock.js';
import { config } from '../config.js';
import { say } from '../notices/notices.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { LeavesDrawing } from '../shell/icons.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { bringNames } from './bring-names.js';
import { accepted } from './check-file.js';
import { budgetOf, chosenEngine, objectTo, recallKey, translator } from './engine-choice.js';
import { FileRow } from './file-row.js';
import { checkKey } from './key-check.js';
import { LanguageChoice, target } from './language-choice.js';
import { Options } from './options.js';
import { PasteDialog } from './paste-dialog.js';
import { priceOf, sumOf } from './quote-words.js';
import { keepQuotes, leaveQuotes, questionAbout, quotes } from './quotes.js';
import { noteLanguage } from './recent-languages.js';
import { addFiles, sendItems, uploads } from './upload-queue.js';
import { useFileDrop } from './use-file-drop.js';
import { usePaste } from './use-paste.js';
import { wishes } from './wishes.js';

/** So many documents lie on the desk in full length; more of them are a list that scrolls. */
const LAID_OUT = 8;

/** An open book: documents come on the left page, what they become on the right. */
export function Desk() {
  const { items } = useStore(uploads);
  const { tag } = useStore(target);
  const { answers } = useStore(quotes);
  useStore(translator);
  useStore(wishes.store);
  const [asked, setAsked] = useState(false);
  const [pasting, setPasting] = useState(false);
  const [names, setNames] = useState(/** @type {{ Dialog: import('./bring-names.js').Dialog } | null} */ (null));
  const picker = /** @type {{ current: HTMLInputElement | null }} */ (useRef(null));
  const hovering = useFileDrop(addFiles);
  usePaste(addFiles);
  const ready = items.filter((item) => item.stage === 'ready');
  // What did not arrive is sent again by the same button, once nothing else waits for it.
  const again = ready.length ? [] : items.filter((item) => item.stage === 'failed' && item.retryable);
  const going = ready.length ? ready : again;
  const later = Math.max(0, ...again.map(({ retryAt }) => retryAt));
  const wait = Math.ceil((later - useNow(later > Date.now())) / 1000);
  const busy = items.some((item) => item.stage === 'sending' || item.stage === 'queued');
  const brief = wanted();
  useEffect(() => { if (going.length) setAsked(false); }, [going.length]);
  useEffect(recallKey, []);
  useEffect(() => { keepQuotes(brief); checkKey(brief); }, [items, JSON.stringify(brief)]);
  useEffect(() => leaveQuotes, []);

  const pick = (/** @type {any} */ event) => {
    addFiles([...event.currentTarget.files].map((file) => ({ file })));
    // So that the same file can be chosen again after it was taken off.
    event.currentTarget.value = '';
  };
  const known = knownOf(ready, answers, brief);
  const price = known.length && known.length === ready.length ? priceOf(sumOf(known), brief.engine) : '';
  // As in the rows: what was said of another model or other names stands until it is answered anew.
  const old = ready.some(({ key, file }) => answers[key]?.asking || answers[key]?.question !== questionAbout(file, brief));
  const openNames = async () => {
    try {
      setNames({ Dialog: await bringNames() });
    } catch (error) {
      say(/** @type {Error} */ (error).message, { tone: 'bad', ...(error instanceof Outdated && { act: loadNew, linkWords: words.errors.loadNew }) });
    }
  };
  const w = words.desk;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    objectTo('', '');
    if (!going.length) {
      setAsked(!busy);
      picker.current?.focus();
    } else if (!tag) objectTo('language', w.chooseLanguage);
    else if (Number.isNaN(brief.budget)) objectTo('budget', w.noAmount);
    else if (wait <= 0) {
      noteLanguage(tag);
      sendItems(going, brief);
    }
  };

  return html`
    <form class="spread desk" aria-labelledby="desk-title" onSubmit=${submit}>
      <h1 class="unseen" id="desk-title">${w.title}</h1>
      <div class=${`leaf desk-left ${hovering ? 'desk-hovering' : ''} ${items.length ? 'desk-laden' : ''}`}>
        ${items.length > 0 && html`
          <ul class=${`files ${items.length > LAID_OUT ? 'files-many' : ''}`} aria-label=${w.onTheDesk}>
            ${items.map((item) => html`
              <${FileRow} key=${item.key} item=${item} answer=${answers[item.key]} brief=${brief} onRemoved=${() => picker.current?.focus()} />`)}
          </ul>
          ${items.length > LAID_OUT && html`<p class="files-count" data-testid="files-count">${w.documents(items.length)}</p>`}`}
        <div class="invitation">
          ${!items.length && html`<${LeavesDrawing} />`}
          <p class="invitation-words">${hovering ? w.letGo : items.length ? '' : w.layHere}</p>
          <div class="ways-in">
            <div class="picker">
              <input class="unseen" type="file" id="file-input" data-testid="file-input" multiple
                aria-describedby="what-goes" ref=${picker} onChange=${pick} />
              <label class="button" for="file-input">${items.length ? w.addAnother : w.chooseFile}</label>
            </div>
            <button type="button" class="text-button" data-testid="paste" onClick=${() => setPasting(true)}>${w.pasteText}</button>
          </div>
          <p class=${`what-goes ${asked ? 'what-goes-asked' : ''}`} id="what-goes">${asked ? w.chooseDocument : accepted()}</p>
        </div>
      </div>
      <div class="leaf desk-right">
        <${LanguageChoice} />
        <${Options} expected=${Math.max(0, ...known.map((quote) => quote.cost_usd?.low ?? 0))} onNames=${openNames} />
        <div class="desk-go">
          <p class="desk-promise">${ready.length < 2 || !tag ? w.promise
            : price ? html`<span class=${old ? 'file-price-old' : ''} data-testid="total" data-asking=${old ? 'true' : 'false'}>${w.together(ready.length, price)}</span>` : w.estimatingAll}</p>
          ${config.limits.keep_days > 0 && html`<p class="desk-kept" data-testid="kept-for">${w.keptFor(config.limits.keep_days)}</p>`}
          <button class=${`button button-main ${going.length && tag && wait <= 0 ? '' : 'button-idle'}`} type="submit" data-testid="upload-submit">
            ${going.length && !tag ? w.languageMissing
              : wait > 0 ? w.sendAgainIn(wait)
                : again.length ? w.sendManyAgain(again.length)
                  : ready.length > 1 ? w.translateMany(ready.length) : w.translate}
          </button>
        </div>
      </div>
      <p class="unseen" role="status">${ready.length ? w.ready(ready.length, old ? '' : price) : ''}</p>
    </form>
    ${pasting && html`<${PasteDialog} onText=${(/** @type {File} */ file) => addFiles([{ file }])} onClose=${() => setPasting(false)} />`}
    ${names && html`<${names.Dialog} brief=${brief} onClose=${() => setNames(null)} />`}`;
}

/**
 * What is wanted of the documents, without a key that the engine has no use for.
 * @returns {import('./send.js').Brief}
 */
function wanted() {
  const { engine, model, apiKey } = translator.get();
  const { tag, source } = target.get();
  return { language: tag, source, engine, model, apiKey: chosenEngine().free ? '' : apiKey, budget: budgetOf(), ...wishes.brief() };
}

/**
 * What is known of the documents, for the language that is chosen.
 * @param {import('./upload-queue.js').Item[]} ready
 * @param {Record<string, import('./quotes.js').Answer>} answers
 * @param {import('./send.js').Brief} brief
 * @returns {import('./quotes.js').Quote[]}
 */
const knownOf = (ready, answers, { language }) => ready.flatMap(({ key }) => {
  const quote = answers[key]?.quote;
  return language && quote?.target_language === language ? [quote] : [];
});
