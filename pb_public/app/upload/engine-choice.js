import { config, engineNamed, engineTitle } from '../config.js';
import { html, useEffect, useState } from '../preact.js';
import { FieldWords, KeyField } from '../shell/key-field.js';
import { ModelOptions, choiceOf } from '../shell/model-options.js';
import { Select } from '../shell/select.js';
import { createStore, useStore } from '../store.js';

/**
 * Who is to translate, and with whose key. An empty engine leaves it to the
 * server. The key lives as long as the page and nowhere else.
 *
 * @typedef {{ engine: string, model: string, apiKey: string }} Chosen
 * @typedef {{ at: '' | 'key' | 'model', message: string }} Objection
 */

/** @type {import('../store.js').Store<Chosen & { objection: Objection }>} */
export const translator = createStore({ engine: '', model: '', apiKey: '', objection: { at: '', message: '' } });

/** @param {Objection['at']} at @param {string} message */
export const objectTo = (at, message) => translator.set({ objection: { at, message } });

export const forgetTranslator = () => translator.set({ engine: '', model: '', apiKey: '', objection: { at: '', message: '' } });

/** Shown only as far as there is something to choose or to give. */
export function EngineChoice() {
  const { engine: chosen, model, apiKey, objection } = useStore(translator);
  const engine = engineNamed(chosen) ?? config.engines[0];
  const [folded, setFolded] = useState(true);
  const keyProblem = objection.at === 'key' ? objection.message : '';
  useEffect(() => { if (keyProblem) setFolded(false); }, [keyProblem]);

  const choose = (/** @type {string} */ value) => {
    const cut = value.indexOf('/');
    translator.set({ engine: value.slice(0, cut), model: value.slice(cut + 1), objection: { at: '', message: '' } });
  };
  const choices = config.engines.reduce((sum, { models }) => sum + models.length, 0);
  const key = html`
    <${KeyField} id="api-key" label=${engine.needs_key ? `Your API key for ${engineTitle(engine.name)}` : 'Your API key'} value=${apiKey}
      onType=${(/** @type {string} */ typed) => translator.set({ apiKey: typed, objection: { at: '', message: '' } })}
      hint="Kept sealed until the translation ends, then deleted." problem=${keyProblem} />`;
  return html`
    <div class="translator">
      ${choices > 1 && html`
        <div class="model-field">
          <label class="eyebrow" for="model">Translated by</label>
          <${Select} id="model" testid="model" value=${choiceOf(engine.name, model || engine.models[0])}
            describedby="model-words" onChoose=${choose}><${ModelOptions} /><//>
          <${FieldWords} id="model-words" hint="" problem=${objection.at === 'model' ? objection.message : ''} />
        </div>`}
      ${engine.needs_key && key}
      ${!engine.needs_key && !engine.free && html`
        <div>
          <button type="button" class="text-button fold" data-testid="own-key" aria-expanded=${folded ? 'false' : 'true'}
            onClick=${() => setFolded(!folded)}>Use an API key of your own</button>
          ${!folded && key}
        </div>`}
    </div>`;
}
