import { engineNamed } from '../config.js';
import { html, useLayoutEffect, useRef } from '../preact.js';
import { AgainIcon, DownloadIcon, PauseIcon, PlayIcon, StopIcon, UndoIcon } from '../shell/icons.js';
import { useStore } from '../store.js';
import { cancel, commands, renew, tell, undoCancel } from './commands.js';
import { download, isDownloadable } from './download.js';
import { isFinished, isMoving } from './job.js';

/** @typedef {import('./job.js').Job} Job */

/**
 * The job as the person sees it: cancelled as soon as it was asked for.
 * @param {Job} job
 * @returns {Job}
 */
export function useShown(job) {
  return useStore(commands).leaving.has(job.id) ? { ...job, status: 'CANCELLED' } : job;
}

/**
 * What can be done with a job as it stands.
 * @param {{ job: Job, testid: string, bilingual?: boolean }} props the testid is the download's;
 *   bilingual offers the one with both languages too
 */
export function JobActions({ job, testid, bilingual }) {
  const { busy, leaving } = useStore(commands);
  const box = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const working = busy.get(job.id);
  const undoable = leaving.has(job.id);
  const main = undoable ? undo(job) : mainAction(job);

  // A button that goes with what it did leaves the focus to the next.
  const hadFocus = box.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (!hadFocus || box.current?.contains(document.activeElement)) return;
    (box.current?.querySelector('button') ?? box.current)?.focus();
  });

  const press = (/** @type {() => void} */ act) => () => { if (!working) act(); };
  return html`
    <div class="job-commands" tabindex="-1" ref=${box} aria-label=${`What to do with ${job.filename}`} role="group">
      ${main && html`
        <button key="main" type="button" class=${`button button-small ${main.bare ? 'button-bare' : ''}`} data-testid=${`job-${main.name}`}
          aria-label=${`${main.words}: ${job.filename}`} aria-disabled=${working ? 'true' : 'false'} onClick=${press(main.act)}>
          ${main.icon}<span>${working && working !== 'cancel' ? `${WORKING[working]}…` : main.words}</span></button>`}
      ${!isFinished(job.status) && !undoable && html`
        <button key="cancel" type="button" class="text-button job-cancel" data-testid="job-cancel" title="Cancel"
          aria-label=${`Cancel ${job.filename}`} aria-disabled=${working ? 'true' : 'false'} onClick=${press(() => cancel(job))}>
          <${StopIcon} /><span>Cancel</span></button>`}
      ${isDownloadable(job) && html`
        <button key="download" type="button" class="button button-small button-bare" data-testid=${testid}
          aria-label=${`Download ${job.status === 'COMPLETED' ? '' : 'what is translated of '}${job.filename}`} onClick=${() => download(job)}>
          <${DownloadIcon} /><span>${job.status === 'COMPLETED' ? 'Download' : 'Download part'}</span></button>`}
      ${bilingual && isDownloadable(job) && html`
        <button key="bilingual" type="button" class="text-button" data-testid=${`${testid}-bilingual`} title="The source below each translation"
          aria-label=${`Download ${job.filename} in both languages`} onClick=${() => download(job, { bilingual: true })}>Both languages</button>`}
    </div>`;
}

/** @type {Record<string, string>} */
const WORKING = { pause: 'Pausing', resume: 'Resuming', retry: 'Starting' };

/**
 * The one thing to do first.
 * @param {Job} job
 * @returns {{ name: string, words: string, icon?: object, bare?: boolean, act: () => void } | null}
 */
function mainAction(job) {
  if (isMoving(job)) {
    return { name: 'pause', words: 'Pause', icon: html`<${PauseIcon} />`, bare: true, act: () => tell(job, 'pause') };
  }
  if (job.status === 'FAILED') {
    return { name: 'retry', words: 'Try again', icon: html`<${AgainIcon} />`, act: () => retry(job) };
  }
  if (job.status !== 'PAUSED') return null;
  const ask = (/** @type {string} */ words) => ({ name: 'resume', words, act: () => renew({ job, command: 'resume' }) });
  switch (job.pause_reason) {
    case 'key': return ask('Enter a key');
    case 'model': return ask('Choose a model');
    case 'quota': return ask('Go on now');
    case 'budget': return ask(job.resumes_at ? 'Use your own key' : 'Allow more');
    default: return { name: 'resume', words: 'Resume', icon: html`<${PlayIcon} />`, bare: true, act: () => tell(job, 'resume') };
  }
}

/** @param {Job} job */
const undo = (job) => ({ name: 'undo', words: 'Undo', icon: html`<${UndoIcon} />`, act: () => undoCancel(job) });

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
  const words = useStore(commands).refused.get(job.id);
  return html`<div role="alert">${words && html`<p class="job-problem" data-testid="job-refusal">${words}</p>`}</div>`;
}

/** @param {{ job: Job }} props */
export function RetryIssues({ job }) {
  const working = useStore(commands).busy.has(job.id);
  return html`
    <button type="button" class="text-button retry-issues" data-testid="job-retry" aria-disabled=${working ? 'true' : 'false'}
      aria-label=${`Retry issues of ${job.filename}`} onClick=${() => !working && retry(job)}>
      ${working ? 'Starting…' : 'Retry issues'}</button>`;
}
