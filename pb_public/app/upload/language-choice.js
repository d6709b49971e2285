import { language } from '../config.js';
import { html } from '../preact.js';
import { createStore, useStore } from '../store.js';
import { words } from '../words/words.js';
import { objectTo, translator } from './engine-choice.js';
import { LanguageField } from './language-field.js';
import { recentLanguages } from './recent-languages.js';

/**
 * From which language into which; an empty source is detected, an empty target
 * is not chosen yet.
 * @type {import('../store.js').Store<{ tag: string, source: string }>}
 */
export const target = createStore({ tag: '', source: '' });

/** Characters from which a language's name needs smaller type to stay on its line. */
const LONG_NAME = 14;

/** The last upload's language. Who comes first is asked: nobody can know it. */
export const chooseFirstLanguage = () => target.set({ tag: recentLanguages()[0] ?? '', source: '' });

export function LanguageChoice() {
  const { tag } = useStore(target);
  const { objection } = useStore(translator);
  const chosen = tag ? language(tag) : null;
  const w = words.desk;
  return html`
    <${LanguageField} id="target-language" label=${w.translateInto} value=${tag} recent=${recentLanguages()}
      headline=${chosen
        ? html`<p class=${`language-name ${chosen.name.length > LONG_NAME ? 'language-name-long' : ''}`} lang=${chosen.tag} dir=${chosen.dir} aria-hidden="true">${chosen.name}</p>`
        : html`<p class="language-name language-name-asked" aria-hidden="true">${w.whichLanguage}</p>`}
      problem=${objection.at === 'language' ? objection.message : ''}
      onChoose=${(/** @type {string} */ to) => { target.set({ tag: to }); objectTo('', ''); }} />`;
}

/** Which language the documents are in, for those who know better than the detection. */
export function SourceChoice() {
  const { source } = useStore(target);
  const { objection } = useStore(translator);
  const w = words.desk;
  return html`
    <${LanguageField} id="source-language" label=${w.writtenIn} value=${source} nothing=${w.detected}
      problem=${objection.at === 'source' ? objection.message : ''}
      onChoose=${(/** @type {string} */ from) => { target.set({ source: from }); objectTo('', ''); }} />`;
}
