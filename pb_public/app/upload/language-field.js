import { config, language, languageTitle } from '../config.js';
import { html, useLayoutEffect, useRef, useState } from '../preact.js';
import { DownIcon } from '../shell/icons.js';
import { FieldWords } from '../shell/key-field.js';
import { words } from '../words/words.js';

/** @typedef {import('../config.js').Language} Language */

/** "French · Français"; the second only where it says something new. @param {Language} l */
function titleOf({ tag, name }) {
  const title = languageTitle(tag);
  return title === name ? title : `${title} · ${name}`;
}

/** Without case and accents, which nobody types into a search. @param {string} text */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * By any of its names, those first whose name here begins with what is typed.
 * @param {string} typed
 * @returns {Language[]}
 */
function matching(typed) {
  const sought = plain(typed);
  const place = (/** @type {Language} */ l) => {
    const names = [languageTitle(l.tag), l.name, l.english].map(plain);
    if (l.tag.toLowerCase() === sought || names[0].startsWith(sought)) return 0;
    // The shorter name is the language itself, a longer one that of a country.
    const found = names.find((name) => name.startsWith(sought)) ?? names.find((name) => name.includes(sought));
    return found ? (found.startsWith(sought) ? 1 : 2) + found.length / 1000 : 3;
  };
  const collator = new Intl.Collator(words.locale);
  return config.languages.map((l) => ({ l, at: place(l), title: languageTitle(l.tag) })).filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at || collator.compare(a.title, b.title)).map(({ l }) => l);
}

/**
 * A field in which a language is sought by name and chosen from a list (the
 * editable combobox of the ARIA patterns).
 * @param {{
 *   id: string, label: string, value: string, onChoose: (tag: string) => void, recent?: string[],
 *   nothing?: string, headline?: object, hint?: string, problem?: string,
 * }} props nothing is what no language at all is called, where that can be chosen;
 *   headline stands between the label and the field
 */
export function LanguageField({ id, label, value, onChoose, recent = [], nothing = '', headline, hint = '', problem = '' }) {
  const [open, setOpen] = useState(false);
  // What is typed since it was opened; null while that is nothing yet.
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const sought = typed?.trim() ?? '';
  // Where one is in the list; below zero it is the chosen one.
  const [at, setAt] = useState(-1);
  const field = /** @type {{ current: HTMLInputElement | null }} */ (useRef(null));
  const list = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const w = words.desk;
  const shown = value ? titleOf(language(value)) : nothing;

  const above = open && !sought ? recent.map(language) : [];
  const found = (open ? matching(sought) : []).filter(({ tag }) => !above.some((l) => l.tag === tag));
  const options = [...(nothing && !sought ? [{ tag: '', name: nothing }] : []), ...above, ...found];
  const active = Math.min(at < 0 ? Math.max(0, options.findIndex(({ tag }) => tag === value)) : at, options.length - 1);
  // What one points at does not move away under the pointer.
  const pointed = /** @type {{ current: boolean }} */ (useRef(false));
  // On a phone the list would unfold below the view, or behind the keyboard that comes.
  useLayoutEffect(() => {
    if (open && matchMedia('(max-width: 45rem)').matches) field.current?.scrollIntoView({ block: 'start', behavior: 'instant' });
  }, [open]);
  useLayoutEffect(() => {
    if (open && !pointed.current) list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [open, active, typed]);
  useLayoutEffect(() => { if (problem) field.current?.focus(); }, [problem]);

  const unfold = () => {
    if (open) return;
    pointed.current = false;
    setTyped(null);
    setAt(-1);
    setOpen(true);
    field.current?.select();
  };
  const close = () => { setOpen(false); setTyped(null); };
  const choose = (/** @type {string} */ tag) => { onChoose(tag); close(); };
  const press = (/** @type {KeyboardEvent} */ event) => {
    pointed.current = false;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      if (open) setAt(Math.max(0, Math.min(options.length - 1, active + step)));
      else unfold();
    } else if (event.key === 'Enter') {
      // It chooses, and never sends the form that the field stands in.
      event.preventDefault();
      if (!open) unfold();
      else if (options[active]) choose(options[active].tag);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      close();
    }
  };
  // What is filled in as a whole, by a browser's form filling for one.
  const filled = (/** @type {any} */ event) => {
    const text = event.currentTarget.value.trim();
    const exact = config.languages.find((l) => [l.tag, titleOf(l), languageTitle(l.tag), l.name].includes(text));
    if (exact) choose(exact.tag);
  };

  const row = (/** @type {{ tag: string, name: string }} */ { tag, name }, /** @type {number} */ index) => html`
    <li key=${tag} id=${`${id}-${tag || 'none'}`} class="language-option" role="option" data-value=${tag} aria-selected=${tag === value ? 'true' : 'false'}
      data-active=${index === active ? '' : undefined} onClick=${() => choose(tag)} onPointerMove=${() => { pointed.current = true; if (index !== at) setAt(index); }}>
      ${tag ? html`<span>${languageTitle(tag)}</span> <bdi lang=${tag}>${name === languageTitle(tag) ? '' : name}</bdi>` : html`<span>${name}</span>`}</li>`;
  const group = (/** @type {string} */ title, /** @type {{ tag: string, name: string }[]} */ members, /** @type {number} */ from) => members.length > 0 && html`
    <ul key=${title} role="group" aria-label=${title}>
      ${above.length > 0 && title && html`<li class="language-group" role="presentation">${title}</li>`}
      ${members.map((member, index) => row(member, from + index))}</ul>`;
  const first = options.length - found.length - above.length;
  return html`
    <div class="language-field" onfocusout=${(/** @type {FocusEvent} */ event) => {
      if (!(/** @type {Element} */ (event.currentTarget)).contains(/** @type {Node | null} */ (event.relatedTarget))) close();
    }}>
      <label class="eyebrow" for=${id}>${label}</label>
      ${headline}
      <span class="select">
        <input class="field" id=${id} data-testid=${id} ref=${field} role="combobox" autocomplete="off" spellcheck=${false} enterkeyhint="done"
          aria-expanded=${open ? 'true' : 'false'} aria-controls=${`${id}-list`} aria-autocomplete="list" aria-describedby=${`${id}-words`}
          aria-activedescendant=${open && options[active] ? `${id}-${options[active].tag || 'none'}` : undefined} aria-invalid=${problem ? 'true' : 'false'}
          placeholder=${w.searchLanguage} value=${open ? typed ?? shown : shown} onClick=${unfold} onKeyDown=${press} onChange=${filled}
          onKeyPress=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') event.preventDefault(); }}
          onInput=${(/** @type {any} */ event) => { setTyped(event.currentTarget.value); setAt(0); setOpen(true); }} />
        <${DownIcon} />
      </span>
      <div class="language-list" id=${`${id}-list`} ref=${list} role="listbox" aria-label=${label} hidden=${!open} tabindex="-1"
        onPointerDown=${(/** @type {Event} */ event) => event.preventDefault()}>
        ${open && [
          group('', options.slice(0, first), 0),
          group(w.usedLast, above, first),
          group(w.allLanguages, found, first + above.length),
          !options.length && html`<p class="language-none" role="option" aria-disabled="true" aria-selected="false">${w.noLanguage(sought)}</p>`,
        ]}
      </div>
      <${FieldWords} id=${`${id}-words`} hint=${hint} problem=${problem} />
    </div>`;
}
