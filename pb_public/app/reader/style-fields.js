import { html } from '../preact.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';

/** What an analysis finds; a person may have said more. */
const KNOWN = ['protagonist_name', 'narration_style_endings', 'tone_keywords', 'stylistic_rule'];

/** @param {{ desk: import('./brief.js').BriefDesk, note?: string }} props */
export function StyleFields({ desk, note = words.reader.styleNote }) {
  const { style: inForce } = useStore(desk.store);
  const { style } = desk.draft();
  const w = words.reader;
  const keys = [...new Set([...KNOWN, ...Object.keys(inForce)])];
  return html`
    <section class="names-part" aria-labelledby="names-style">
      <h3 id="names-style">${w.style}</h3>
      <p class="names-note">${note}</p>
      ${keys.map((key) => html`
        <label key=${key} class="style-field"><span class="eyebrow">${w.styles[key] ?? key.replace(/_/g, ' ')}</span>
          <textarea class="field" rows="1" data-testid=${`style-${key}`} value=${shown(style[key])}
            onInput=${(/** @type {any} */ event) => desk.restyle({ ...style, [key]: asBefore(event.currentTarget.value, inForce[key]) })} /></label>`)}
    </section>`;
}

/** @param {unknown} value text, or a list of words */
const shown = (value) => (Array.isArray(value) ? value.join(', ') : typeof value === 'object' && value ? JSON.stringify(value) : String(value ?? ''));

/** @param {string} text @param {unknown} before */
const asBefore = (text, before) => (text === shown(before) ? before : text);
