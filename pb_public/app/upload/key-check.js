import { call } from '../api.js';
import { createStore } from '../store.js';

/**
 * What the engine says of the key that is being typed. The question is a quote
 * for a single word, so no document travels for it.
 * @type {import('../store.js').Store<{ of: string, key: '' | 'asking' | 'ok' | 'refused' | 'unchecked' }>}
 */
export const keyCheck = createStore({ of: '', key: '' });

/** So long nobody types, before it is tried. */
const ASK_AFTER_MS = 450;

/** @type {AbortController | null} */
let asking = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asked = '';

/**
 * @param {{ engine: string, model: string, apiKey: string }} chosen
 */
export function checkKey({ engine, model, apiKey }) {
  const question = apiKey && JSON.stringify([engine, model, apiKey]);
  if (question === asked) return;
  asked = question;
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  keyCheck.set({ of: apiKey, key: apiKey ? 'asking' : '' });
  if (apiKey) timer = setTimeout(() => ask({ engine, model, apiKey }), ASK_AFTER_MS);
}

/** @param {{ engine: string, model: string, apiKey: string }} chosen */
async function ask({ engine, model, apiKey }) {
  const form = new FormData();
  form.append('api_key', apiKey);
  if (engine) form.append('engine', engine);
  if (model) form.append('model_name', model);
  form.append('file', new File(['Verso'], 'word.txt'));
  const { signal } = asking = new AbortController();
  try {
    const { key } = await call('/api/v1/quote', { method: 'POST', form, signal });
    if (!signal.aborted) keyCheck.set({ key });
  } catch {
    // The upload is going to say what is the matter, if it still is.
    if (!signal.aborted) keyCheck.set({ key: 'unchecked' });
  }
}
