import { html, useLayoutEffect, useRef, useState } from '../preact.js';
import { CrossIcon, SearchIcon, UndoIcon } from '../shell/icons.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';

/** A glossary of a book is a hundred names; from so many on they can be searched. */
const SEARCHED_FROM = 12;
const SHOWN_AT_ONCE = 200;

/**
 * @typedef {import('./draft.js').Row} Row
 * @typedef {import('./segment-view.js').Script} Script
 * @typedef {{ desk: import('./brief.js').BriefDesk, from: Script, to: Script, onFind?: (term: import('./terms.js').Term) => void }} Desk
 * onFind is missing where there is no text yet to find terms in
 */

/** @param {Desk & { term: string }} props */
export function NamesList({ desk, term, from, to, onFind }) {
  const { conflicts } = useStore(desk.store);
  const { rows } = desk.draft();
  const [sought, setSought] = useState('');
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const list = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  useLayoutEffect(() => {
    const at = rows.findIndex((row) => row.term === term);
    if (at >= shown) setShown(at + 1);
    const field = /** @type {HTMLInputElement | null | undefined} */ (list.current?.querySelector(`[data-term="${CSS.escape(term)}"] input`));
    if (!term || !field) return;
    field.focus();
    field.select();
  }, [term, shown]);

  const w = words.reader;
  const needle = sought.trim().toLowerCase();
  const matching = needle
    ? rows.filter((row) => [row.term, row.translation, ...(row.aliases ?? [])].some((text) => text.toLowerCase().includes(needle)))
    : rows;
  return html`
    <section class="names-part" aria-labelledby="names-names">
      <h3 id="names-names">${w.names}</h3>
      <${NewName} desk=${desk} from=${from} to=${to} />
      ${rows.length > SEARCHED_FROM && html`
        <input class="field names-search" type="search" data-testid="names-search" aria-label=${w.searchNames} placeholder=${w.searchNames}
          value=${sought} onInput=${(/** @type {any} */ event) => setSought(event.currentTarget.value)} />`}
      ${!rows.length && html`<p class="names-note">${w.noNames}</p>`}
      ${rows.length > 0 && !matching.length && html`<p class="names-note" role="status">${w.noneFound}</p>`}
      <ul class="names-list" ref=${list}>
        ${matching.slice(0, shown).map((row) => html`
          <${NameRow} key=${row.key} row=${row} desk=${desk} from=${from} to=${to} onFind=${onFind}
            others=${conflicts.find((conflict) => conflict.term === row.term)?.others ?? []} />`)}
      </ul>
      ${matching.length > shown && html`
        <button type="button" class="button button-small" onClick=${() => setShown(matching.length)}>${w.showAllNames(matching.length)}</button>`}
    </section>`;
}

/** @param {Pick<Desk, 'desk' | 'from' | 'to'>} props */
function NewName({ desk, from, to }) {
  const [term, setTerm] = useState('');
  const [translation, setTranslation] = useState('');
  const [problem, setProblem] = useState('');
  const first = /** @type {{ current: HTMLInputElement | null }} */ (useRef(null));
  const w = words.reader;
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    const name = term.trim();
    const known = desk.draft().rows.some((row) => !row.gone && row.term.toLowerCase() === name.toLowerCase());
    if (known || !name || !translation.trim()) {
      setProblem(known ? w.nameKnown(name) : w.nameNeedsBoth);
      return;
    }
    desk.add(name, translation.trim());
    setTerm('');
    setTranslation('');
    first.current?.focus();
  };
  const field = (/** @type {string} */ testid, /** @type {string} */ label, /** @type {Script} */ script, /** @type {string} */ value, /** @type {(text: string) => void} */ set, /** @type {object} */ ref = {}) => html`
    <input class="field" data-testid=${testid} aria-label=${label} placeholder=${label} lang=${script.lang} dir=${value ? script.dir : undefined} autocomplete="off"
      ...${ref} value=${value} onInput=${(/** @type {any} */ event) => { set(event.currentTarget.value); setProblem(''); }} />`;
  return html`
    <form class="name-new" onSubmit=${add}>
      ${field('name-new-term', w.newName, from, term, setTerm, { ref: first })}
      ${field('name-new-translation', w.newTranslation, to, translation, setTranslation)}
      <button type="submit" class="button button-small" data-testid="name-add">${w.addName}</button>
      <p class="name-problem" role="alert">${problem}</p>
    </form>`;
}

/** @param {Desk & { row: Row, others: string[] }} props others: translations that were found besides */
function NameRow({ row, desk, from, to, others, onFind }) {
  const [open, setOpen] = useState(false);
  const w = words.reader;
  const { key, term, translation, kind, gender, aliases, gone } = row;
  const about = [kind && (w.kinds[kind] ?? kind), gender && (w.genders[gender] ?? gender)].filter(Boolean).join(', ');
  if (gone) {
    return html`
      <li class="name name-gone" data-term=${term}><del lang=${from.lang}>${term}</del> <span class="unseen">${w.nameGone}</span>
        <button type="button" class="icon-button" aria-label=${w.putBack(term)} title=${w.putBack(term)} onClick=${() => desk.rewrite(key, { gone: false })}><${UndoIcon} /></button></li>`;
  }
  return html`
    <li class="name" data-testid="name" data-term=${term}>
      <button type="button" class="name-term" aria-expanded=${open ? 'true' : 'false'} data-testid="name-more" onClick=${() => setOpen(!open)}>
        <bdi lang=${from.lang}>${term}</bdi>${about && html`<small>${about}</small>`}</button>
      <input class="field name-translation" data-testid="name-translation" aria-label=${w.translationOf(term)} lang=${to.lang} dir=${to.dir} autocomplete="off"
        aria-invalid=${translation.trim() ? 'false' : 'true'} value=${translation}
        onInput=${(/** @type {any} */ event) => desk.rewrite(key, { translation: event.currentTarget.value })} />
      ${onFind && html`<button type="button" class="icon-button" data-testid="name-find" aria-label=${w.findInText(term)} title=${w.findInText(term)} onClick=${() => onFind(row)}><${SearchIcon} /></button>`}
      <button type="button" class="icon-button" data-testid="name-remove" aria-label=${w.removeName(term)} title=${w.removeName(term)} onClick=${() => desk.remove(row)}><${CrossIcon} /></button>
      ${others.length > 0 && html`
        <p class="name-others">${w.alsoFound} ${others.map((other) => html`
          <button key=${other} type="button" class="text-button" lang=${to.lang} onClick=${() => desk.rewrite(key, { translation: other })}>${other}</button>`)}</p>`}
      ${open && html`
        <div class="name-about">
          <${Choice} label=${w.kind} value=${kind ?? ''} among=${w.kinds} onChoose=${(/** @type {string} */ value) => desk.rewrite(key, { kind: value })} />
          <${Choice} label=${w.gender} value=${gender ?? ''} among=${w.genders} onChoose=${(/** @type {string} */ value) => desk.rewrite(key, { gender: value })} />
          <label>${w.aliases}<input class="field" lang=${from.lang} value=${(aliases ?? []).join(', ')} placeholder=${w.aliasesHint}
            onChange=${(/** @type {any} */ event) => desk.rewrite(key, { aliases: event.currentTarget.value.split(',').map((/** @type {string} */ name) => name.trim()).filter(Boolean) })} /></label>
        </div>`}
    </li>`;
}

/**
 * What a table of one's own calls by another word is offered as that.
 * @param {{ label: string, value: string, among: Record<string, string>, onChoose: (value: string) => void }} props
 */
function Choice({ label, value, among, onChoose }) {
  const [own] = useState(value in among ? '' : value);
  return html`
    <label>${label}<select class="field" value=${value} onChange=${(/** @type {any} */ event) => onChoose(event.currentTarget.value)}>
      <option value="">${words.reader.notSaid}</option>
      ${Object.entries(among).map(([name, said]) => html`<option key=${name} value=${name}>${said}</option>`)}
      ${own && html`<option value=${own}>${own}</option>`}
    </select></label>`;
}
