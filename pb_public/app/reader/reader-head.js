import { useNow } from '../clock.js';
import { engineNamed } from '../config.js';
import { attend, renew } from '../jobs/commands.js';
import { hasSomething } from '../jobs/download.js';
import { JobActions, Refusal, RetryIssues, useShown } from '../jobs/job-actions.js';
import { isFinished, isMoving } from '../jobs/job.js';
import { jobDetail, languagePair, notWhollyTranslated, statusWord } from '../jobs/job-words.js';
import { stream } from '../jobs/live.js';
import { percent } from '../phrasing.js';
import { html } from '../preact.js';
import { deskLink } from '../route.js';
import { useAttention } from '../shell/attention.js';
import { Bar } from '../shell/bar.js';
import { BackIcon, DownIcon } from '../shell/icons.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { Downloads } from './downloads.js';
import { NamesIcon, PreviousIcon } from './icons.js';
import { ReadingMenu } from './reading-menu.js';

/**
 * What is open besides the text.
 * @typedef {{
 *   menu: '' | 'get' | 'reading', names: boolean, onlyIssues: boolean, standsAt: string,
 *   onMenu: (menu: '' | 'get' | 'reading') => void, onNames: () => void, onKeys: () => void,
 *   onOnlyIssues: () => void, onIssue: (step: 1 | -1) => void,
 * }} View
 */

/**
 * Stays in view while one reads: the way back, how far it is, the file.
 * @param {{ job: import('../jobs/job.js').Job, heading: object, view: View }} props
 */
export function ReaderHead({ job: stored, heading, view }) {
  const job = useShown(stored);
  const now = useNow(isMoving(job), 5000);
  const { lost, offline } = useStore(stream);
  const attention = useAttention((on) => attend(stored, on));
  const w = words.reader;
  // What moves while nobody hears of it stands elsewhere by now.
  const stale = (lost || offline) && isMoving(job);
  return html`
    <div class=${`reader-head ${stale ? 'reader-stale' : ''}`}>
      <a class="reader-back" href=${deskLink} data-testid="reader-back"><${BackIcon} /><span class="unseen-narrow">${w.back}</span></a>
      <h1 class="reader-title" tabindex="-1" ref=${heading} title=${job.filename}><bdi>${job.filename}</bdi></h1>
      <div class="reader-get" ...${attention}>
        <${JobActions} job=${stored} />
        ${hasSomething(job) && html`<${Downloads} job=${job} open=${view.menu === 'get'} onOpen=${(/** @type {boolean} */ open) => view.onMenu(open ? 'get' : '')} />`}
      </div>
      <p class="reader-about"><span class="reader-pair">${languagePair(job)}</span><span class=${`job-${job.status.toLowerCase()}`}>
        <b class="job-word">${statusWord(job)}</b>${standing(job, now)}</span>
        ${stale && html`<span class="reader-behind" data-testid="reader-stale">${offline ? w.staleOffline : w.stale}</span>`}
        ${(job.issues_count > 0 || view.onlyIssues) && !job.expired ? html`<${Issues} job=${job} view=${view} />` : null}
      </p>
      ${!job.expired && html`<div class="reader-tools">
        <button type="button" class="button button-small button-bare" data-testid="open-names" aria-label=${w.namesTitle} aria-expanded=${view.names ? 'true' : 'false'} onClick=${view.onNames}>
          <${NamesIcon} /><span class="unseen-narrow">${w.namesTitle}</span></button>
        <${ReadingMenu} open=${view.menu === 'reading'} onOpen=${(/** @type {boolean} */ open) => view.onMenu(open ? 'reading' : '')} onKeys=${view.onKeys} />
      </div>`}
      <${Refusal} job=${stored} />
      <${Bar} value=${job.progress} tone=${job.status.toLowerCase()} testid="reader-bar" label=${w.translatedSoFar(job.filename)} />
    </div>`;
}

/**
 * @param {import('../jobs/job.js').Job} job
 * @param {number} now
 */
function standing(job, now) {
  if (job.status === 'COMPLETED') return '';
  const share = job.progress > 0 && !isFinished(job.status) ? ` ${percent(job.progress / 100)}` : '';
  return `${share} · ${jobDetail(job, now)}`;
}

/**
 * What is not wholly translated, the way there, and what can be done about it.
 * @param {{ job: import('../jobs/job.js').Job, view: View }} props
 */
function Issues({ job, view }) {
  const w = words.reader;
  const ended = job.status === 'COMPLETED' || job.status === 'FAILED';
  return html`
    <span class="reader-issues">
      ${job.issues_count > 0 && [
        html`<span key="count" class="reader-issues-count">${notWhollyTranslated(job.issues_count)}</span>`,
        html`<button key="previous" type="button" class="icon-button" data-testid="previous-issue" aria-label=${w.previousIssue} title=${w.previousIssue} onClick=${() => view.onIssue(-1)}><${PreviousIcon} /></button>`,
        html`<button key="next" type="button" class="text-button issue-next" data-testid="next-issue" onClick=${() => view.onIssue(1)}>${w.nextIssue(view.standsAt || String(job.issues_count))}<${DownIcon} /></button>`,
      ]}
      <button key="only" type="button" class="text-button" data-testid="only-issues" aria-pressed=${view.onlyIssues ? 'true' : 'false'} onClick=${view.onOnlyIssues}>${w.onlyIssues}</button>
      ${job.issues_count > 0 && job.status === 'COMPLETED' && html`<${RetryIssues} key="retry" job=${job} />`}
      ${job.issues_count > 0 && ended && !engineNamed(job.engine)?.free && html`
        <button key="with" type="button" class="text-button" data-testid="retry-with" onClick=${() => renew({ job, command: 'retry' })}>
          ${job.status === 'FAILED' ? w.againWithModel : w.withModel}</button>`}
    </span>`;
}
