import { session } from '../auth/session.js';
import { rememberedKeys } from '../remembered.js';

/**
 * API keys that are kept in this browser until their owner signs out, by the person
 * whose they are: a browser may be shared.
 * @returns {Record<string, string>}
 */
function keys() {
  try { return JSON.parse(rememberedKeys.read() ?? '{}') ?? {}; } catch { return {}; }
}

/** @param {string} owner @param {string} apiKey empty for none */
function keep(owner, apiKey) {
  const { [owner]: _, ...others } = keys();
  const kept = apiKey ? { ...others, [owner]: apiKey } : others;
  if (Object.keys(kept).length) rememberedKeys.write(JSON.stringify(kept));
  else rememberedKeys.forget();
}

const owner = () => session.get().person?.id ?? '';

export const keptKey = () => keys()[owner()] ?? '';

/** @param {string} apiKey empty for none */
export const keepKey = (apiKey) => keep(owner(), apiKey);

let last = owner();
session.subscribe(() => {
  if (last && owner() !== last) keep(last, '');
  last = owner();
});
