import { config, engineTitle } from '../config.js';
import { html } from '../preact.js';

/** "gemini-2.5-flash-lite" as people say it. @param {string} name */
export const modelTitle = (name) => name.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ');

/** Engine and model as one choice. @param {string} engine @param {string} model */
export const choiceOf = (engine, model) => `${engine}/${model}`;

/**
 * The models of an engine, or of all under their engines' names.
 * @param {{ only?: string }} props an engine's name
 */
export function ModelOptions({ only }) {
  const engines = config.engines.filter(({ name }) => !only || name === only);
  const options = (/** @type {import('../config.js').Engine} */ { name, models, free }) => models.map((model) => html`
    <option key=${model} value=${choiceOf(name, model)}>${free && models.length === 1 ? engineTitle(name) : modelTitle(model)}</option>`);
  return engines.flatMap(options);
}
