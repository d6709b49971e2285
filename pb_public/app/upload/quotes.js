import { call } from '../api.js';
import { createStore } from '../store.js';
import { formOf } from './send.js';
import { refuse, uploads } from './upload-queue.js';

/**
 * What the documents on the desk are going to take, asked before anything is
 * spent. Each is asked about once, and again when what was wanted of it changes
 * the answer.
 *
 * @typedef {{
 *   format: string, source_language: string | null, target_language: string, characters: number, segments: number,
 *   cost_usd: { low: number, high: number } | null, eta_seconds?: number | null, key: string,
 * }} Quote
 * @typedef {{ question: string, quote: Quote | null, asking: boolean, problem: string }} Answer
 * @typedef {import('./send.js').Brief} Brief
 */

/** @type {import('../store.js').Store<{ answers: Record<string, Answer> }>} */
export const quotes = createStore({ answers: {} });

/** So long nothing changes, before it is asked for. */
const ASK_AFTER_MS = 250;
const AGAIN_AFTER_MS = 10_000;
const AT_ONCE = 2;
/** From this size on a document does not travel again for a word of style or a term. */
const BIG = 4 << 20;

/** @type {Map<string, AbortController>} what is being asked, by the document's key */
const asking = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let wanted = '';
/** @type {Brief} */
let brief;

/** @param {Brief} now what is wanted of all documents */
export function keepQuotes(now) {
  brief = now;
  // Neither key nor budget changes what a translation takes.
  const next = JSON.stringify({ ...now, apiKey: '', budget: null });
  if (next !== wanted) {
    wanted = next;
    clearTimeout(timer);
    timer = undefined;
  }
  timer ??= setTimeout(settle, ASK_AFTER_MS);
}

export function leaveQuotes() {
  clearTimeout(timer);
  timer = undefined;
  for (const [key, question] of asking) {
    question.abort();
    change(key, { question: '', asking: false });
  }
  asking.clear();
}

/**
 * What an answer depends on.
 * @param {File} file
 * @param {Brief} wants
 */
export function questionAbout(file, { language, source, engine, model, style, glossary, review }) {
  const big = file.size > BIG;
  // Before a language is chosen, nobody knows the cost: a big one waits for it.
  if (big && !language) return '';
  return JSON.stringify([language, source, engine, model, review, big ? [!style, !glossary] : [style, glossary]]);
}

function settle() {
  timer = undefined;
  const { items } = uploads.get();
  const answers = Object.fromEntries(Object.entries(quotes.get().answers).filter(([key]) => items.some((item) => item.key === key)));
  for (const [key, question] of asking) {
    const item = items.find((other) => other.key === key);
    if (item?.stage === 'ready' && answers[key]?.question === questionAbout(item.file, brief)) continue;
    question.abort();
    asking.delete(key);
  }
  const open = [];
  for (const { key, file, stage } of items) {
    const question = questionAbout(file, brief);
    if (stage !== 'ready' || !question || answers[key]?.question === question && (!answers[key].asking || asking.has(key))) continue;
    answers[key] = { question, quote: answers[key]?.quote ?? null, asking: true, problem: '' };
    open.push({ key, file });
  }
  const before = Object.keys(quotes.get().answers).length;
  if (open.length || Object.keys(answers).length !== before) quotes.set({ answers });
  for (const { key, file } of open.slice(0, AT_ONCE - asking.size)) ask(key, file);
}

/**
 * @param {string} key
 * @param {File} file
 */
async function ask(key, file) {
  const controller = new AbortController();
  asking.set(key, controller);
  let again = 0;
  try {
    const quote = await call('/api/v1/quote', {
      method: 'POST', form: formOf(file, { ...brief, apiKey: '', budget: null }), signal: controller.signal,
    });
    if (!controller.signal.aborted) change(key, { quote, asking: false, problem: '' });
  } catch (error) {
    if (controller.signal.aborted) return;
    const { message, status, passing, retryAfter } = /** @type {import('../api-error.js').ApiError} */ (error);
    if (status === 413 || status === 415 || status === 422) {
      // It would be refused at the upload as well: it is said before.
      change(key, { quote: null, asking: false });
      refuse(key, message);
    } else if (passing) {
      again = retryAfter * 1000 || AGAIN_AFTER_MS;
      change(key, { problem: retryAfter ? '' : message });
    } else change(key, { quote: null, asking: false, problem: message });
  }
  if (controller.signal.aborted) return;
  asking.delete(key);
  if (again) timer ??= setTimeout(settle, again);
  else settle();
}

/** @param {string} key @param {Partial<Answer>} fields */
function change(key, fields) {
  const { answers } = quotes.get();
  if (answers[key]) quotes.set({ answers: { ...answers, [key]: { ...answers[key], ...fields } } });
}
