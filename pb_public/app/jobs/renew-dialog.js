import { engineNamed } from '../config.js';
import { moment } from '../phrasing.js';
import { html, useEffect, useRef, useState } from '../preact.js';
import { FieldWords, KeyField } from '../shell/key-field.js';
import { ModelOptions, choiceOf, modelTitle } from '../shell/model-options.js';
import { Select } from '../shell/select.js';
import { useStore } from '../store.js';
import { commands, order, renew } from './commands.js';
import { quotaOf } from './job-words.js';

/** @typedef {import('./commands.js').Renewal} Renewal */

/** Asks for what a job needs to go on. */
export function RenewDialog() {
  const { renewal } = useStore(commands);
  return renewal && html`<${Renew} key=${renewal.job.id} renewal=${renewal} />`;
}

/** @param {{ renewal: Renewal }} props */
function Renew({ renewal }) {
  const { job, command, positions } = renewal;
  const dialog = /** @type {{ current: HTMLDialogElement | null }} */ (useRef(null));
  const models = engineNamed(job.engine)?.models ?? [];
  const [model, setModel] = useState(firstModel(renewal, models));
  const [apiKey, setKey] = useState('');
  const [limit, setLimit] = useState('');
  const asksLimit = job.pause_reason === 'budget' && !job.resumes_at;
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState({ at: '', message: '' });
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (working) return;
    setWorking(true);
    setProblem({ at: '', message: '' });
    try {
      await order(job, command, {
        ...(apiKey && { api_key: apiKey }), ...(limit && { max_cost_usd: Number(limit) }), ...(model !== job.model_name && { model_name: model }), ...(positions && { positions }),
      });
      renew(null);
    } catch (error) {
      const refusal = /** @type {import('../api-error.js').ApiError} */ (error);
      const at = refusal.about(Boolean(apiKey) || models.length < 2 || job.pause_reason === 'key');
      setProblem({ at, message: at ? refusal.beside : refusal.message });
      setWorking(false);
    }
  };
  const leave = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!working) renew(null);
  };

  const { title, words } = wordsFor(renewal);
  const key = html`
    <${KeyField} id="renew-key" label=${keyLabel(renewal)} value=${apiKey} onType=${setKey}
      hint="Kept sealed until the translation ends, then deleted." problem=${problem.at === 'key' ? problem.message : ''} />`;
  const choice = models.length > 1 && html`
    <div class="model-field">
      <label class="eyebrow" for="renew-model">Model</label>
      <${Select} id="renew-model" testid="renew-model" value=${choiceOf(job.engine, model)} describedby="renew-model-words"
        onChoose=${(/** @type {string} */ value) => setModel(value.slice(job.engine.length + 1))}>
        ${!models.includes(model) && html`<option value=${choiceOf(job.engine, model)}>${modelTitle(model)}</option>`}
        <${ModelOptions} only=${job.engine} />
      <//>
      <${FieldWords} id="renew-model-words" hint="" problem=${problem.at === 'model' ? problem.message : ''} />
    </div>`;
  const limitField = asksLimit && html`
    <div class="key-field">
      <label class="eyebrow" for="renew-limit">New limit, in US dollars</label>
      <input class="field" id="renew-limit" data-testid="renew-limit" type="number" min="0" step="any" required value=${limit}
        onInput=${(/** @type {Event} */ event) => setLimit(/** @type {HTMLInputElement} */ (event.target).value)} />
    </div>`;
  return html`
    <dialog class="dialog" ref=${dialog} onCancel=${leave} data-testid="renew-dialog"
      aria-labelledby="renew-title" aria-describedby="renew-words">
      <form onSubmit=${submit}>
        <h2 id="renew-title">${title}</h2>
        <p class="dialog-subject"><bdi>${job.filename}</bdi></p>
        <p class="dialog-words" id="renew-words">${words}</p>
        ${limitField}
        ${job.pause_reason === 'model' ? [choice, key] : [key, choice]}
        <p class="dialog-problem" role="alert">${problem.at ? '' : problem.message}</p>
        <div class="dialog-actions">
          <button type="button" class="button" disabled=${working} onClick=${leave}>Not now</button>
          <button type="submit" class="button button-main" data-testid="renew-submit" aria-disabled=${working ? 'true' : 'false'}>
            ${working ? 'Asking…' : command === 'retry' ? 'Translate again' : 'Resume'}</button>
        </div>
      </form>
    </dialog>`;
}

/**
 * Another than the one that is gone, and else the same.
 * @param {Renewal} renewal
 * @param {string[]} models
 */
function firstModel({ job }, models) {
  if (job.pause_reason !== 'model') return job.model_name;
  return models.find((model) => model !== job.model_name) ?? job.model_name;
}

/** @param {Renewal} renewal */
function keyLabel({ job, command }) {
  if (job.pause_reason === 'key') return 'Another API key';
  return command === 'retry' && engineNamed(job.engine)?.needs_key ? 'API key' : 'Another API key, if you like';
}

/** @param {Renewal} renewal */
function wordsFor({ job, command }) {
  const title = 'Translate again';
  if (command === 'retry') {
    return engineNamed(job.engine)?.needs_key
      ? { title, words: 'Only what has issues is translated again. The key you lent was deleted when the translation ended, so it is needed once more.' }
      : { title, words: 'Only what has issues is translated again, as before or with another model.' };
  }
  switch (job.pause_reason) {
    case 'key': return {
      title: 'The API key was refused',
      words: 'It may have been revoked or have expired. Nothing that is translated is lost: with another key it goes on where it stopped.',
    };
    case 'model': return {
      title: 'The model is not available',
      words: `${modelTitle(job.model_name)} does not take requests any more, or not with this key. Choose another, and it goes on where it stopped.`,
    };
    case 'budget': return job.resumes_at ? {
      title: 'This month’s share is used up',
      words: `The translation goes on by itself ${moment(job.resumes_at)}. With an API key of your own it can go on now.`,
    } : {
      title: 'The limit is reached',
      words: 'The translation stopped before it cost more than you allowed. Nothing that is translated is lost: with a higher limit it goes on where it stopped.',
    };
    default: return {
      title: 'The quota is used up',
      words: `${quotaOf(job)} for today is used up. ${job.resumes_at ? `The translation goes on by itself ${moment(job.resumes_at)}.` : 'The translation goes on by itself.'} With a key of another project, or another model, it can go on now.`,
    };
  }
}
