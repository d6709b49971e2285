import { engineNamed } from '../config.js';
import { html, useLayoutEffect, useRef } from '../preact.js';
import { AgainIcon, DownloadIcon, PauseIcon, PlayIcon, StopIcon, UndoIcon } from '../shell/icons.js';
import { useSelected } from '../store.js';
import { words } from '../words/words.js';
import { cancel, commands, renew, tell, undo } from './commands.js';
import { download, hasSomething } from './download.js';
import { isFinished, isMoving } from './job.js';

/** @typedef {import('./job.js').Job} Job */

/** Whether a job is cancelled or deleted here, and can be had back. @param {string} id */
export const useLeave = (id) => useSelected(commands, ({ leaving }) => leaving.get(id));

/**
 * The job as the person sees it: cancelled as soon as it was asked for.
 * @param {Job} job
 * @returns {Job}
 */
export function useShown(job) {
  return useLeave(job.id)?.how === 'cancel' ? { ...job, status: 'CANCELLED' } : job;
}

/** @param {string} id */
const useWorking = (id) => useSelected(commands, ({ busy }) => busy.get(id));

/**
 * What can be done with a job as it stands.
 * @param {{ job: Job, testid?: string }} props the testid is the download's, without which there is none
 */
export function JobActions({ job, testid }) {
  const working = useWorking(job.id);
  const leaving = useLeave(job.id);
  const box = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const said = words.jobs;
  const name = job.filename;
  const main = leaving ? leaving.undoable && undoing(job) : mainAction(job);
  const whole = job.status === 'COMPLETED';

  // A button that goes with what it did leaves the focus to the next.
  const hadFocus = box.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (!hadFocus || box.current?.contains(document.activeElement)) return;
    (box.current?.querySelector('button') ?? box.current)?.focus();
  });

  const press = (/** @type {() => void} */ act) => () => { if (!working) act(); };
  return html`
    <div class="job-commands" tabindex="-1" ref=${box} aria-label=${said.commands(name)} role="group">
      ${main && html`
        <button key="main" type="button" class=${`button button-small ${main.bare ? 'button-bare' : ''}`} data-testid=${`job-${main.name}`}
          aria-label=${said.about(main.words, name)} aria-disabled=${working ? 'true' : 'false'} onClick=${press(main.act)}>
          ${main.icon}<span class=${main.bare ? 'unseen-narrow' : ''}>${(working && said.working[working]) ?? main.words}</span></button>`}
      ${!isFinished(job.status) && !leaving && html`
        <button key="cancel" type="button" class="text-button job-cancel" data-testid="job-cancel" title=${said.cancel}
          aria-label=${said.cancelIt(name)} aria-disabled=${working ? 'true' : 'false'} onClick=${press(() => cancel(job))}>
          <${StopIcon} /><span class="unseen-narrow">${said.cancel}</span></button>`}
      ${testid && isFinished(job.status) && hasSomething(job) && leaving?.how !== 'delete' && html`
        <button key="download" type="button" class="button button-small button-bare" data-testid=${testid}
          aria-label=${whole ? said.downloadIt(name) : said.downloadPartOf(name)} onClick=${() => download(job)}>
          <${DownloadIcon} /><span class="unseen-narrow">${whole ? said.download : said.downloadPart}</span></button>`}
    </div>`;
}

/**
 * The one thing to do first.
 * @param {Job} job
 * @returns {{ name: string, words: string, icon?: object, bare?: boolean, act: () => void } | null}
 */
function mainAction(job) {
  const said = words.jobs;
  if (isMoving(job)) return { name: 'pause', words: said.pause, icon: html`<${PauseIcon} />`, bare: true, act: () => tell(job, 'pause') };
  if (job.expired) return null;
  if (job.status === 'FAILED') return { name: 'retry', words: said.again, icon: html`<${AgainIcon} />`, act: () => retry(job) };
  if (job.status !== 'PAUSED') return null;
  const ask = (/** @type {string} */ text) => ({ name: 'resume', words: text, act: () => renew({ job, command: 'resume' }) });
  switch (job.pause_reason) {
    case 'key': return ask(said.enterKey);
    case 'model': return ask(said.chooseModel);
    case 'quota': return ask(said.goOnNow);
    case 'budget': return ask(job.resumes_at ? said.useOwnKey : said.allowMore);
    default: return { name: 'resume', words: said.resume, icon: html`<${PlayIcon} />`, bare: true, act: () => tell(job, 'resume') };
  }
}

/**
 * @param {Job} job
 * @returns {ReturnType<typeof mainAction>}
 */
const undoing = (job) => ({ name: 'undo', words: words.jobs.undo, icon: html`<${UndoIcon} />`, act: () => undo(job) });

/**
 * Translates again what has issues. A key that the job was lent is deleted at
 * its end, so it has to be asked for once more.
 * @param {Job} job
 * @param {number[]} [positions]
 */
export function retry(job, positions) {
  if (engineNamed(job.engine)?.needs_key) renew({ job, command: 'retry', positions });
  else tell(job, 'retry', positions && { positions });
}

/** Why the last command was refused, until the next. @param {{ job: Job }} props */
export function Refusal({ job }) {
  const why = useSelected(commands, ({ refused }) => refused.get(job.id)?.why);
  return html`<div role="alert">${why && html`<p class="job-problem" data-testid="job-refusal">${why}</p>`}</div>`;
}

/** @param {{ job: Job }} props */
export function RetryIssues({ job }) {
  const working = useWorking(job.id);
  return html`
    <button type="button" class="text-button retry-issues" data-testid="job-retry" aria-disabled=${working ? 'true' : 'false'}
      aria-label=${words.jobs.retryIssuesOf(job.filename)} onClick=${() => !working && retry(job)}>
      ${working ? words.jobs.working.retry : words.jobs.retryIssues}</button>`;
}
