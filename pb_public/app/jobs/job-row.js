import { useNow } from '../clock.js';
import { capital, moment, percent } from '../phrasing.js';
import { html, useLayoutEffect, useMemo, useRef } from '../preact.js';
import { leftAt, readerLink } from '../route.js';
import { useAttention } from '../shell/attention.js';
import { Bar } from '../shell/bar.js';
import { BinIcon, UndoIcon } from '../shell/icons.js';
import { useSelected } from '../store.js';
import { words } from '../words/words.js';
import { attend, remove, undo } from './commands.js';
import { JobActions, Refusal, RetryIssues, useLeave, useShown } from './job-actions.js';
import { isFinished, isMoving } from './job.js';
import { costOf, expiredWords, jobDetail, languagePair, notWhollyTranslated, statusWord, translatorOf, withoutIds } from './job-words.js';
import { jobs } from './jobs-store.js';
import { stream } from './stream.js';

/** @typedef {import('./job.js').Job} Job */

const TICK_MS = 5000;

/** Where the title stood that was opened. */
export const opened = { id: '', top: 0 };

/**
 * One document. It follows its own job and nothing else, so that one that moves
 * draws one row. What is deleted keeps its place for as long as that can be undone,
 * or the list is pointed at.
 * @param {{ id: string }} props
 */
export function JobRow({ id }) {
  const stored = useSelected(jobs, ({ byId }) => byId.get(id));
  const last = /** @type {{ current: Job }} */ (useRef(stored));
  if (stored) last.current = stored;
  const leaving = useLeave(id);
  const row = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const isGone = !stored || leaving?.how === 'delete';

  // Deleting and having back take the focus along; a row that goes leaves it to the heading.
  const hadFocus = row.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (!hadFocus || row.current?.contains(document.activeElement)) return;
    /** @type {HTMLElement | null} */
    (row.current?.querySelector(isGone ? '[data-testid="job-undo"]' : '.job-delete') ?? row.current)?.focus({ preventScroll: true });
  });
  useLayoutEffect(() => () => {
    if (row.current?.contains(document.activeElement)) document.getElementById('shelf-title')?.focus({ preventScroll: true });
  }, []);

  // What is deleted is as high as it was, for what stands below it.
  const height = useRef(0);
  height.current = isGone ? height.current || (row.current?.offsetHeight ?? 0) : 0;

  const job = last.current;
  const attention = useAttention((on) => attend(last.current, on));
  return html`
    <li ...${attention} class=${`job ${isGone ? 'job-gone' : ''}`} tabindex="-1" ref=${row} style=${{ minHeight: height.current ? `${height.current}px` : '' }}
      data-testid=${isGone ? 'job-gone' : 'job'} data-job-id=${id}
      data-status=${job.status} data-progress=${job.progress}>
      ${isGone ? html`<${Gone} job=${job} undoable=${leaving?.undoable} />` : html`<${Present} job=${job} />`}
    </li>`;
}

/** @param {{ job: Job }} props */
function Present({ job: stored }) {
  const job = useShown(stored);
  const moves = isMoving(job);
  const now = useNow(moves, TICK_MS);
  const stale = useSelected(stream, ({ asOf }) => moves && asOf > 0);
  const open = (/** @type {any} */ event) => {
    leftAt.jobId = job.id;
    leftAt.scroll = scrollY;
    opened.id = job.id;
    opened.top = event.currentTarget.getBoundingClientRect().top;
  };
  const said = words.jobs;
  const { filename, status } = job;
  const tone = status.toLowerCase();

  // A moving job changes its state only, several times a second: the rest is not drawn along.
  const about = [languagePair(job), capital(moment(job.created_at, now)), translatorOf(job), costOf(job)];
  const title = useMemo(() => html`
    <div class="job-title">
      <h3><a href=${readerLink(job.id)} data-testid="job-open" onClick=${open}><bdi>${filename}</bdi></a></h3>
      <p class="job-about"><span>${about[0]}</span> <span>${about[1]}</span></p>
      <p class="job-about"><span>${about[2]}</span> ${about[3] && html`<span data-testid="job-cost">${about[3]}</span>`}</p>
      ${status === 'FAILED' && job.error_message && html`<p class="job-problem">${withoutIds(job.error_message)}</p>`}
      ${job.issues_count > 0 && status !== 'FAILED' && html`
        <p class="job-problem">${notWhollyTranslated(job.issues_count)}${status === 'COMPLETED' && !job.expired && html`<${RetryIssues} job=${job} />`}</p>`}
      ${job.expired && html`<p class="job-about" data-testid="job-expired">${expiredWords(words.jobs)}</p>`}
      <${Refusal} job=${job} />
    </div>`, [...about, filename, status, job.error_message, job.issues_count, job.expired, words.locale]);
  const actions = useMemo(() => html`
    <div class="job-actions">
      <${JobActions} job=${stored} testid="job-download" />
      <button type="button" class="icon-button job-delete" data-testid="job-delete"
        aria-label=${said.deleteIt(filename)} title=${said.delete} onClick=${() => remove(stored)}><${BinIcon} /></button>
    </div>`, [stored.status, stored.pause_reason, stored.resumes_at, stored.model_name, stored.segments_done > 0, stored.expired, filename, words.locale]);
  return html`
    ${title}
    <div class=${`job-state job-${tone} ${stale ? 'job-stale' : ''}`} data-testid="job-state" data-stale=${String(stale)}>
      <p class="job-status"><span class="job-word">${statusWord(job)}</span>
        <span class="job-percent">${isFinished(status) ? '' : percent(job.progress / 100)}</span></p>
      <${Bar} value=${job.progress} tone=${tone} testid="job-bar" label=${said.barOf(filename, statusWord(job))} />
      <p class="job-detail">${capital(jobDetail(job, now))}</p>
    </div>
    ${actions}`;
}

/** @param {{ job: Job, undoable: boolean | undefined }} props */
function Gone({ job, undoable }) {
  const said = words.jobs;
  return html`
    <div class="job-title">
      <h3><bdi>${job.filename}</bdi></h3>
      <p class="job-about">${said.deleted}</p>
    </div>
    ${undoable && html`
      <div class="job-actions">
        <button type="button" class="button button-small" data-testid="job-undo" aria-label=${said.about(said.undo, job.filename)}
          onClick=${() => undo(job)}><${UndoIcon} /><span>${said.undo}</span></button>
      </div>`}`;
}
