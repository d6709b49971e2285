import { config, engineTitle } from '../config.js';
import { money } from '../phrasing.js';
import { html } from '../preact.js';
import { words } from '../words/words.js';

/** "gemini-2.5-flash-lite" as people say it. @param {string} name */
export const modelTitle = (name) => name.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');

/** Engine and model as one choice. @param {string} engine @param {string} model */
export const choiceOf = (engine, model) => `${engine}/${model}`;

/**
 * The models of an engine, or of all under their engines' names.
 * @param {{ only?: string, priced?: boolean }} props only: an engine's name; priced: with what they cost
 */
export function ModelOptions({ only, priced }) {
  const engines = config.engines.filter(({ name }) => !only || name === only);
  const options = (/** @type {import('../config.js').Engine} */ { name, models, free, prices }) => models.map((model) => {
    const title = free && models.length === 1 ? engineTitle(name) : modelTitle(model);
    const cost = priced && prices?.[model];
    return html`<option key=${model} value=${choiceOf(name, model)}>${cost ? words.desk.modelPriced(title, money(cost.input), money(cost.output)) : title}</option>`;
  });
  return engines.flatMap(options);
}
