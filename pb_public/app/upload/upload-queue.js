import { addJob } from '../jobs/jobs-store.js';
import { tell } from '../notices/tell.js';
import { createStore } from '../store.js';
import { words } from '../words/words.js';
import { objectionTo } from './check-file.js';
import { forgetTranslator, objectTo } from './engine-choice.js';
import { chooseFirstLanguage } from './language-choice.js';
import { sendDocument } from './send.js';
import { wishes } from './wishes.js';

/**
 * The documents on the desk. `ready` waits for the button, `queued` for the
 * document before it; `sending` turns into a job and leaves the desk.
 *
 * @typedef {'ready' | 'refused' | 'queued' | 'sending' | 'failed'} Stage
 * @typedef {{
 *   key: string, file: File, stage: Stage, problem: string, share: number,
 *   retryable: boolean, retryAt: number, brief: import('./send.js').Brief | null, idempotencyKey: string,
 * }} Item
 */

/** Which fields of the form stand where on the desk. @type {Record<string, import('./engine-choice.js').Place>} */
const PLACES = {
  max_cost_usd: 'budget', target_language: 'language', source_language: 'source', style_data: 'names', glossary_data: 'names',
};

/** @type {import('../store.js').Store<{ items: Item[] }>} */
export const uploads = createStore({ items: [] });

/** @type {AbortController | null} */
let sending = null;
let sendingKey = '';

/** @param {{ file: File, folder?: boolean }[]} chosen */
export function addFiles(chosen) {
  const added = chosen.map(({ file, folder = false }) => {
    const problem = folder ? words.desk.isFolder : objectionTo(file);
    return {
      key: newKey(), file, problem, share: 0, retryable: false, retryAt: 0, brief: null, idempotencyKey: '',
      stage: /** @type {Stage} */ (problem ? 'refused' : 'ready'),
    };
  });
  uploads.set({ items: [...uploads.get().items, ...added] });
}

/** @param {string} key */
export function removeFile(key) {
  if (key === sendingKey) sending?.abort();
  takeOff(key);
}

/** @param {string} key */
function takeOff(key) {
  uploads.set({ items: uploads.get().items.filter((item) => item.key !== key) });
}

/**
 * Sends documents, one after another.
 * @param {Item[]} items
 * @param {import('./send.js').Brief} brief
 */
export function sendItems(items, brief) {
  for (const item of items) enqueue(item, brief);
  pump();
}

/** Leaves the desk empty, for the next person. */
export function clearUploads() {
  sending?.abort();
  uploads.set({ items: [] });
  forgetTranslator();
  chooseFirstLanguage();
  wishes.forget();
}

/**
 * Says of a document that it cannot be sent.
 * @param {string} key
 * @param {string} problem
 */
export const refuse = (key, problem) => change(key, { stage: 'refused', problem });

/**
 * @param {Item} item
 * @param {import('./send.js').Brief} brief
 */
function enqueue(item, brief) {
  // Another language or model is another upload: the old key would be refused for it.
  const same = JSON.stringify(item.brief) === JSON.stringify(brief);
  const idempotencyKey = same && item.idempotencyKey ? item.idempotencyKey : newKey();
  change(item.key, { stage: 'queued', problem: '', share: 0, retryAt: 0, brief, idempotencyKey });
}

async function pump() {
  if (sending) return;
  const item = uploads.get().items.find((other) => other.stage === 'queued');
  if (!item) return;
  sending = new AbortController();
  sendingKey = item.key;
  const { signal } = sending;
  change(item.key, { stage: 'sending' });
  try {
    const job = await sendDocument({
      file: item.file,
      brief: /** @type {import('./send.js').Brief} */ (item.brief),
      idempotencyKey: item.idempotencyKey,
      signal,
      onProgress: (share) => change(item.key, { share }),
    });
    if (!signal.aborted) {
      takeOff(item.key);
      const { id } = addJob(job);
      tell(id, words.desk.arrived(item.file.name), { linkWords: words.desk.readAlong });
    }
  } catch (error) {
    if (!signal.aborted) fail(item, /** @type {import('../api-error.js').ApiError} */ (error));
  }
  sending = null;
  sendingKey = '';
  pump();
}

/**
 * @param {Item} item
 * @param {import('../api-error.js').ApiError} error
 */
function fail(item, error) {
  const { message, status, passing, retryAfter } = error;
  const at = error.about(Boolean(item.brief?.apiKey)) || (status === 400 && PLACES[error.field]) || '';
  if (at) {
    // What one is refused for, the rest would be too: they wait until it is mended.
    for (const { key, stage } of uploads.get().items) {
      if (key === item.key || stage === 'queued') change(key, { stage: 'ready', brief: null });
    }
    objectTo(at, error.beside);
    return;
  }
  change(item.key, {
    stage: 'failed',
    problem: message,
    // A used-up key (409) is renewed by enqueue's next call.
    retryable: Boolean(passing) || status === 401 || status === 409,
    retryAt: retryAfter ? Date.now() + retryAfter * 1000 : 0,
    idempotencyKey: status === 409 ? '' : item.idempotencyKey,
  });
}

/**
 * @param {string} key
 * @param {Partial<Item>} fields
 */
function change(key, fields) {
  uploads.set({ items: uploads.get().items.map((item) => (item.key === key ? { ...item, ...fields } : item)) });
}

/**
 * crypto.randomUUID exists only where the page is secure; a house's own
 * network by plain HTTP is not.
 */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
