import { rememberedWords } from '../remembered.js';
import { html } from '../preact.js';
import { createStore, useStore } from '../store.js';
import { speak, SPOKEN, words } from '../words/words.js';

/** Watched by the whole page, which is drawn anew in the language chosen. */
export const tongue = createStore({ locale: '' });

/** @param {keyof typeof SPOKEN} tag */
async function choose(tag) {
  await speak(tag);
  rememberedWords.write(tag);
  tongue.set({ locale: words.locale });
}

/** The language of the page itself. Each stands under the name that its speakers give it. */
export function TongueChoice() {
  useStore(tongue);
  return html`
    <label class="tongue">
      <span class="unseen">${words.shell.language}</span>
      <select data-testid="page-language" value=${words.locale}
        onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>
        ${Object.entries(SPOKEN).map(([tag, name]) => html`<option key=${tag} value=${tag} lang=${tag}>${name}</option>`)}
      </select>
    </label>`;
}
