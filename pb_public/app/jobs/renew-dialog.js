import { engineNamed } from '../config.js';
import { capital, money, moment } from '../phrasing.js';
import { html, useState } from '../preact.js';
import { FieldWords, KeyField } from '../shell/key-field.js';
import { useModal } from '../shell/modal.js';
import { ModelOptions, choiceOf, modelTitle } from '../shell/model-options.js';
import { Select } from '../shell/select.js';
import { useStore } from '../store.js';
import { amountOf } from '../upload/amount.js';
import { words } from '../words/words.js';
import { commands, order, renew } from './commands.js';
import { quotaOf, spentOf } from './job-words.js';

/** @typedef {import('./commands.js').Renewal} Renewal */

/** Asks for what a job needs to go on. */
export function RenewDialog() {
  const { renewal } = useStore(commands);
  return renewal && html`<${Renew} key=${renewal.job.id} renewal=${renewal} />`;
}

/** @param {{ renewal: Renewal }} props */
function Renew({ renewal }) {
  const { job, command, positions } = renewal;
  const dialog = useModal();
  const models = engineNamed(job.engine)?.models ?? [];
  const [model, setModel] = useState(firstModel(renewal, models));
  const [apiKey, setKey] = useState('');
  const [limit, setLimit] = useState('');
  const asksLimit = job.pause_reason === 'budget' && !job.resumes_at;
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState({ at: '', message: '' });

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (working) return;
    const allowed = amountOf(limit);
    const objection = Number.isNaN(allowed) ? words.desk.noAmount
      : allowed !== null && allowed <= (job.cost_usd ?? 0) ? words.jobs.renew.limitSpent(money(job.cost_usd ?? 0)) : '';
    if (objection) {
      setProblem({ at: 'limit', message: objection });
      document.getElementById('renew-limit')?.focus();
      return;
    }
    setWorking(true);
    setProblem({ at: '', message: '' });
    try {
      await order(job, command, {
        ...(apiKey && { api_key: apiKey }), ...(allowed !== null && { max_cost_usd: allowed }), ...(model !== job.model_name && { model_name: model }), ...(positions && { positions }),
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

  const { renew: said } = words.jobs;
  const { title, text } = wordsFor(renewal);
  const spent = spentOf(job);
  const key = html`
    <${KeyField} id="renew-key" label=${keyLabel(renewal)} value=${apiKey} onType=${setKey}
      hint=${words.desk.keyHint} problem=${problem.at === 'key' ? problem.message : ''} />`;
  const choice = models.length > 1 && html`
    <div class="model-field">
      <label class="eyebrow" for="renew-model">${said.model}</label>
      <${Select} id="renew-model" testid="renew-model" value=${choiceOf(job.engine, model)} describedby="renew-model-words"
        onChoose=${(/** @type {string} */ value) => setModel(value.slice(job.engine.length + 1))}>
        ${!models.includes(model) && html`<option value=${choiceOf(job.engine, model)}>${modelTitle(model)}</option>`}
        <${ModelOptions} only=${job.engine} />
      <//>
      <${FieldWords} id="renew-model-words" hint="" problem=${problem.at === 'model' ? problem.message : ''} />
    </div>`;
  const limitField = asksLimit && html`
    <div class="key-field">
      <label class="eyebrow" for="renew-limit">${said.limit}</label>
      <input class="field" id="renew-limit" data-testid="renew-limit" inputmode="decimal" autocomplete="off" required value=${limit}
        aria-describedby="renew-limit-words" aria-invalid=${problem.at === 'limit' ? 'true' : 'false'}
        onInput=${(/** @type {Event} */ event) => setLimit(/** @type {HTMLInputElement} */ (event.target).value)} />
      <${FieldWords} id="renew-limit-words" hint=${spent && said.soFar(spent)} problem=${problem.at === 'limit' ? problem.message : ''} />
    </div>`;
  return html`
    <dialog class="dialog" ref=${dialog} onCancel=${leave} data-testid="renew-dialog"
      aria-labelledby="renew-title" aria-describedby="renew-words">
      <form onSubmit=${submit}>
        <h2 id="renew-title">${title}</h2>
        <p class="dialog-subject"><bdi>${job.filename}</bdi></p>
        <p class="dialog-words" id="renew-words">${text}</p>
        ${limitField}
        ${job.pause_reason === 'model' ? [choice, key] : [key, choice]}
        <p class="dialog-problem" role="alert">${problem.at ? '' : problem.message}</p>
        <div class="dialog-actions">
          <button type="button" class="button" disabled=${working} onClick=${leave}>${said.notNow}</button>
          <button type="submit" class="button button-main" data-testid="renew-submit" aria-disabled=${working ? 'true' : 'false'}>
            ${working ? said.asking : command === 'retry' ? said.again : words.jobs.resume}</button>
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
  const { anotherKey, key, anotherKeyIfYouLike } = words.jobs.renew;
  if (job.pause_reason === 'key') return anotherKey;
  return command === 'retry' && engineNamed(job.engine)?.needs_key ? key : anotherKeyIfYouLike;
}

/**
 * @param {Renewal} renewal
 * @returns {{ title: string, text: string }}
 */
function wordsFor({ job, command }) {
  const said = words.jobs.renew;
  const again = job.resumes_at ? moment(job.resumes_at) : '';
  if (command === 'retry') return { title: said.again, text: engineNamed(job.engine)?.needs_key ? said.againWithKey : said.againFree };
  switch (job.pause_reason) {
    case 'key': return { title: said.keyTitle, text: said.keyWords };
    case 'model': return { title: said.modelTitle, text: said.modelWords(modelTitle(job.model_name)) };
    case 'budget': return again ? { title: said.shareTitle, text: said.shareWords(again) } : { title: said.limitTitle, text: said.limitWords };
    default: return { title: said.quotaTitle, text: said.quotaWords(capital(quotaOf(job)), again) };
  }
}
