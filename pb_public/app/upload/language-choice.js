import { config, language } from '../config.js';
import { html } from '../preact.js';
import { rememberedLanguage } from '../remembered.js';
import { Select } from '../shell/select.js';
import { createStore } from '../store.js';

/** @type {import('../store.js').Store<{ tag: string }>} */
export const target = createStore({ tag: '' });

/** Characters from which a language's name needs smaller type to stay on its line. */
const LONG_NAME = 14;

/** The last upload's language, else the server's own, else any. */
export function chooseFirstLanguage() {
  const offered = (/** @type {string | null} */ tag) => config.languages.some((l) => l.tag === tag);
  const tag = [rememberedLanguage.read(), config.default_target_language].find(offered);
  target.set({ tag: tag ?? config.languages[0]?.tag ?? '' });
}

/** @param {{ tag: string }} props */
export function LanguageChoice({ tag }) {
  const chosen = language(tag);
  const offered = [...config.languages].sort((a, b) => a.english.localeCompare(b.english, 'en'));
  return html`
    <div class="language">
      <label class="eyebrow" for="target-language">Translate into</label>
      <p class=${`language-name ${chosen.name.length > LONG_NAME ? 'language-name-long' : ''}`} lang=${chosen.tag} dir=${chosen.dir} aria-hidden="true">${chosen.name}</p>
      <${Select} id="target-language" testid="target-language" value=${tag} onChoose=${(/** @type {string} */ chosen) => target.set({ tag: chosen })}>
        ${offered.map((l) => html`
          <option key=${l.tag} value=${l.tag}>${l.english === l.name ? l.english : `${l.english} · ${l.name}`}</option>`)}
      <//>
    </div>`;
}
