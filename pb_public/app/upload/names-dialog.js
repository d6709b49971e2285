import { language } from '../config.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { complete, plain } from '../reader/draft.js';
import { NamesList } from '../reader/names-list.js';
import { StyleFields } from '../reader/style-fields.js';
import { CrossIcon } from '../shell/icons.js';
import { useModal } from '../shell/modal.js';
import { Select } from '../shell/select.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { analyses } from './analysis.js';
import { readGlossary, textOf, writeGlossary } from './glossary-csv.js';
import { uploads } from './upload-queue.js';
import { wishes } from './wishes.js';

/**
 * Names and style to keep to, written before anything is translated: by hand,
 * from a table, or as the document itself suggests.
 * @param {{ brief: import('./send.js').Brief, onClose: () => void }} props
 */
export function NamesDialog({ brief, onClose }) {
  const { style, rows } = useStore(wishes.store);
  const dialog = useModal();
  const [proposed, setProposed] = useState('');
  const heading = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const clear = () => {
    wishes.clear();
    setProposed('');
    heading.current?.focus();
  };
  const w = words.desk;
  const from = brief.source ? script(brief.source) : { lang: '', dir: 'auto' };
  const to = brief.language ? script(brief.language) : { lang: '', dir: 'auto' };
  const lacking = rows.some((row) => !complete(row));
  const some = rows.length > 0 || Object.values(style).some(Boolean);
  return html`
    <dialog class="names" data-testid="names-dialog" aria-labelledby="names-title" ref=${dialog}
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
      <div class="names-head">
        <h2 id="names-title" tabindex="-1" ref=${heading}>${words.reader.namesTitle}</h2>
        <button type="button" class="icon-button" aria-label=${words.common.close} onClick=${onClose}><${CrossIcon} /></button>
      </div>
      <div class="names-text" tabindex="-1">
        <p class="names-note">${w.namesHint}</p>
        <${FromDocument} brief=${brief} proposed=${proposed} onProposed=${setProposed} />
        <${FromTable} rows=${rows} />
        <${NamesList} desk=${wishes} term="" from=${from} to=${to} />
        <${StyleFields} desk=${wishes} note=${w.styleHint} />
      </div>
      <div class="names-foot">
        <div class="names-ways">
          <button type="button" class="button button-small button-main" data-testid="names-done" onClick=${onClose}>${w.done}</button>
          ${some && html`<button type="button" class="button button-small" data-testid="names-clear" onClick=${clear}>${w.clear}</button>`}
          <p class="names-lacking" role="status">${lacking ? w.incomplete : ''}</p>
        </div>
      </div>
    </dialog>`;
}

/** @param {string} tag */
function script(tag) {
  const { tag: lang, dir } = language(tag);
  return { lang, dir };
}

/** @param {{ brief: import('./send.js').Brief, proposed: string, onProposed: (said: string) => void }} props proposed: what became of it the last time */
function FromDocument({ brief, proposed, onProposed }) {
  const { items } = useStore(uploads);
  const { asking, error } = useStore(analyses.store);
  const ready = items.filter(({ stage }) => stage === 'ready');
  const [key, setKey] = useState('');
  const chosen = ready.find((item) => item.key === key) ?? ready[0];
  const w = words.desk;
  const can = chosen && brief.language;
  const ask = async () => {
    if (!can || asking) return;
    onProposed('');
    const found = await analyses.of(chosen.file, { ...brief, budget: null });
    if (!found) return;
    if (found.style) wishes.takeStyle(found.style);
    onProposed(w.proposed(wishes.take(found.glossary, false)));
  };
  return html`
    <div class="names-source">
      ${ready.length > 1 && html`
        <label class="unseen" for="analyze-of">${w.whichDocument}</label>
        <${Select} id="analyze-of" testid="analyze-of" value=${chosen?.key ?? ''} onChoose=${setKey}>
          ${ready.map((item) => html`<option key=${item.key} value=${item.key}>${item.file.name}</option>`)}<//>`}
      <button type="button" class="button button-small" data-testid="analyze" aria-disabled=${can && !asking ? 'false' : 'true'} aria-describedby="analyze-words" onClick=${ask}>
        ${asking ? w.readingIt : w.fromDocument}</button>
      ${asking > 0 && html`<button type="button" class="text-button" onClick=${analyses.stop}>${words.common.cancel}</button>`}
      <p class=${`names-note ${error ? 'field-problem' : ''}`} id="analyze-words" data-testid="analyze-words" role=${error ? 'alert' : 'status'}>
        ${error ? error.beside : asking ? w.readingTakes : !chosen ? w.needsDocument : !brief.language ? w.needsLanguage : proposed || w.fromDocumentHint}</p>
    </div>`;
}

/** @param {{ rows: import('../reader/draft.js').Row[] }} props */
function FromTable({ rows }) {
  const [result, setResult] = useState(/** @type {{ taken: number, faults: import('./glossary-csv.js').Fault[] } | null} */ (null));
  const [problem, setProblem] = useState('');
  const w = words.desk.csv;
  const read = async (/** @type {any} */ event) => {
    const [file] = event.currentTarget.files;
    event.currentTarget.value = '';
    if (!file) return;
    setResult(null);
    setProblem('');
    let bytes;
    try {
      bytes = await file.arrayBuffer();
    } catch {
      // It was moved or deleted since it was chosen, or may not be read.
      setProblem(w.unreadable(file.name));
      return;
    }
    const { terms, faults } = readGlossary(textOf(bytes));
    setResult({ taken: terms.length, faults });
    wishes.take(terms, true);
  };
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([writeGlossary(rows.filter(complete).map(plain))], { type: 'text/csv' }));
    link.download = w.fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return html`
    <div class="names-source">
      <span class="picker"><input class="unseen" type="file" id="glossary-csv" data-testid="glossary-csv" accept=".csv,.tsv,.txt,text/csv" aria-describedby="csv-words" onChange=${read} />
        <label class="button button-small" for="glossary-csv">${w.read}</label></span>
      ${rows.some(complete) && html`<button type="button" class="button button-small" data-testid="glossary-save" onClick=${save}>${w.save}</button>`}
      <p class="names-note" id="csv-words">${w.hint}</p>
      ${problem && html`<p class="csv-result field-problem" role="alert" data-testid="csv-problem">${problem}</p>`}
      ${result && html`
        <div class="csv-result" role="status" data-testid="csv-result">
          <p>${w.taken(result.taken)}${result.faults.length > 0 && ` ${w.left(result.faults.length)}`}</p>
          ${result.faults.length > 0 && html`
            <ol>${result.faults.slice(0, MOST_FAULTS).map((/** @type {import('./glossary-csv.js').Fault} */ { line, message }) => html`<li key=${line}><b>${w.line(line)}</b> ${message}</li>`)}</ol>`}
          ${result.faults.length > MOST_FAULTS && html`<p>${w.more(result.faults.length - MOST_FAULTS)}</p>`}
        </div>`}
    </div>`;
}

/** A file that is no glossary has a fault a line. */
const MOST_FAULTS = 8;
