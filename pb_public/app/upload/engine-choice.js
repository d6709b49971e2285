import { config, engineNamed, engineTitle } from '../config.js';
import { money, moment } from '../phrasing.js';
import { html } from '../preact.js';
import { FieldWords, KeyField } from '../shell/key-field.js';
import { ModelOptions, choiceOf } from '../shell/model-options.js';
import { Select } from '../shell/select.js';
import { createStore, useStore } from '../store.js';
import { words } from '../words/words.js';
import { amountOf } from './amount.js';
import { checkKey, keyCheck } from './key-check.js';
import { keepKey, keptKey } from './kept-keys.js';

/** Where Google gives keys to those who have none. */
const KEYS_FROM = 'https://aistudio.google.com/apikey';

/**
 * Who is to translate, with whose key, and for how much. An empty engine leaves
 * it to the server. The key lives as long as the page and nowhere else, unless
 * its owner wants it kept until he signs out.
 *
 * @typedef {'' | 'key' | 'model' | 'budget' | 'language' | 'source' | 'names'} Place
 * @typedef {{ at: Place, message: string }} Objection
 * @typedef {{ engine: string, model: string, apiKey: string, kept: boolean, budget: string }} Chosen
 */

const NOTHING = { engine: '', model: '', apiKey: '', kept: false, budget: '', objection: { at: /** @type {Place} */ (''), message: '' } };

/** @type {import('../store.js').Store<Chosen & { objection: Objection }>} */
export const translator = createStore(NOTHING);

/** @param {Place} at @param {string} message */
export const objectTo = (at, message) => translator.set({ objection: { at, message } });

export function forgetTranslator() {
  translator.set(NOTHING);
  checkKey(NOTHING);
}

/** The engine that is chosen, else the server's first. */
export const chosenEngine = () => engineNamed(translator.get().engine) ?? config.engines[0];

/** Takes up the key that was kept in this browser. */
export function recallKey() {
  const kept = keptKey();
  if (kept && !translator.get().apiKey) translator.set({ apiKey: kept, kept: true });
}

/** @param {string} apiKey @param {boolean} kept */
function setKey(apiKey, kept) {
  keepKey(kept ? apiKey : '');
  translator.set({ apiKey, kept, objection: NOTHING.objection });
}

// The same person may have signed out in another tab, and the key is gone with that.
addEventListener('storage', () => {
  const { kept, apiKey } = translator.get();
  if (kept && apiKey && !keptKey()) translator.set({ apiKey: '', kept: false });
});

/**
 * Shown only as far as there is something to choose or to give.
 * @param {{ expected: number }} props the most that a document on the desk is expected to cost at least
 */
export function EngineChoice({ expected }) {
  const { model, objection } = useStore(translator);
  const engine = chosenEngine();
  const price = engine.prices?.[model || engine.models[0]];
  const w = words.desk;
  const choose = (/** @type {string} */ value) => {
    const cut = value.indexOf('/');
    translator.set({ engine: value.slice(0, cut), model: value.slice(cut + 1), objection: NOTHING.objection });
  };
  const choices = config.engines.reduce((sum, { models }) => sum + models.length, 0);
  return html`
    ${choices > 1 && html`
      <div class="model-field">
        <label class="eyebrow" for="model">${w.translatedBy}</label>
        <${Select} id="model" testid="model" value=${choiceOf(engine.name, model || engine.models[0])}
          describedby="model-words" onChoose=${choose}><${ModelOptions} priced=${true} /><//>
        <${FieldWords} id="model-words" hint=${price && config.prices_of ? w.pricesOf(money(price.input), money(price.output), moment(config.prices_of)) : ''}
          problem=${objection.at === 'model' ? objection.message : ''} />
      </div>`}
    ${!engine.free && html`<${OwnKey} engine=${engine} />`}
    ${!engine.free && html`<${Budget} expected=${expected} />`}`;
}

/** @param {{ engine: import('../config.js').Engine }} props */
function OwnKey({ engine }) {
  const { apiKey, kept, objection } = useStore(translator);
  const { of, key } = useStore(keyCheck);
  const w = words.desk;
  const found = apiKey && of === apiKey ? key : '';
  return html`
    <div class="own-key" data-testid="own-key">
      <${KeyField} id="api-key" label=${engine.needs_key ? w.keyFor(engineTitle(engine.name)) : w.ownKey} value=${apiKey}
        onType=${(/** @type {string} */ typed) => setKey(typed, kept)} hint=${w.keyHint}
        problem=${objection.at === 'key' ? objection.message : ''} verdict=${{ key: found, text: found ? w.keySaid[found] : '' }} />
      <div class="key-ways">
        <label class="tick"><input type="checkbox" data-testid="keep-key" checked=${kept}
          onChange=${(/** @type {any} */ event) => setKey(apiKey, event.currentTarget.checked)} /><span>${w.keepKey}</span></label>
        ${apiKey
          ? html`<button type="button" class="text-button" data-testid="forget-key" onClick=${() => { setKey('', false); document.getElementById('api-key')?.focus(); }}>${w.forgetKey}</button>`
          : engine.name === 'gemini' && html`<a class="key-link" href=${KEYS_FROM} target="_blank" rel="noreferrer">${w.getKey}</a>`}
      </div>
    </div>`;
}

/** @param {{ expected: number }} props */
function Budget({ expected }) {
  const { budget, objection } = useStore(translator);
  const w = words.desk;
  const problem = objection.at === 'budget' ? objection.message : '';
  return html`
    <div class="key-field">
      <label class="eyebrow" for="budget">${w.budget}</label>
      <input class="field" id="budget" data-testid="budget" inputmode="decimal" autocomplete="off" placeholder=${w.noBudget} value=${budget}
        aria-describedby="budget-words" aria-invalid=${problem ? 'true' : 'false'}
        onInput=${(/** @type {any} */ event) => translator.set({ budget: event.currentTarget.value, objection: NOTHING.objection })} />
      <${FieldWords} id="budget-words" hint=${(budgetOf() ?? Infinity) < expected ? w.budgetShort : w.budgetHint} problem=${problem} />
    </div>`;
}

/** What is set in this form, in a few words. @returns {string[]} */
export function chosenWords() {
  const { apiKey } = translator.get();
  if (chosenEngine().free) return [];
  const limit = budgetOf();
  return [apiKey && words.desk.withOwnKey, limit !== null && !Number.isNaN(limit) && words.desk.atMost(money(limit))].filter((said) => said !== false && said !== '').map(String);
}

/** The limit in dollars; null where there is none, NaN where it is no amount. */
export const budgetOf = () => (chosenEngine().free ? null : amountOf(translator.get().budget));
