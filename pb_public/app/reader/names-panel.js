import { engineNamed } from '../config.js';
import { commands, tell } from '../jobs/commands.js';
import { isFinished } from '../jobs/job.js';
import { say } from '../notices/notices.js';
import { duration, money } from '../phrasing.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../preact.js';
import { CrossIcon } from '../shell/icons.js';
import { KeyField } from '../shell/key-field.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { incomplete } from './brief.js';
import { NamesList } from './names-list.js';
import { StyleFields } from './style-fields.js';
import { inSource, termFinder } from './terms.js';

/** Where there is no room beside the text, the panel lies over it. */
const NARROW = '(max-width: 62rem)';

/**
 * The names and the style in force, to be changed: what a change touches and
 * costs is said before it is made.
 * @param {{
 *   job: import('../jobs/job.js').Job, desk: import('./brief.js').BriefDesk, term: string,
 *   from: import('./segment-view.js').Script, to: import('./segment-view.js').Script,
 *   onFind: ((term: import('./terms.js').Term) => string), onAgain: (positions: number[], touches: (text: string) => boolean) => void, onClose: () => void,
 * }} props term is the one to begin with, or ''; onFind returns what to say of what it found
 */
export function NamesPanel({ job, desk, term, from, to, onFind, onAgain, onClose }) {
  const { loaded, error, draft } = useStore(desk.store);
  // What was done last, until something else is written.
  const [told, setTold] = useState('');
  useEffect(() => { if (draft) setTold(''); }, [draft]);
  // What is being translated again is so no more.
  const ended = isFinished(job.status);
  useEffect(() => { if (ended) setTold(''); }, [ended]);
  const panel = /** @type {{ current: HTMLDialogElement | null }} */ (useRef(null));
  const heading = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const wroteAt = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const turned = () => setNarrow(media.matches);
    media.addEventListener('change', turned);
    return () => media.removeEventListener('change', turned);
  }, []);
  useLayoutEffect(() => {
    const box = panel.current;
    if (narrow) box?.showModal();
    else box?.show();
    (wroteAt.current ?? heading.current)?.focus({ preventScroll: true });
    return () => {
      const at = /** @type {HTMLElement | null} */ (document.activeElement);
      // A phone that is turned leaves one where one writes.
      wroteAt.current = box?.contains(at) ? at : null;
      box?.close();
    };
  }, [narrow]);

  const w = words.reader;
  const review = job.status === 'PAUSED' && job.pause_reason === 'review';
  const find = (/** @type {import('./terms.js').Term} */ sought) => {
    if (narrow) onClose();
    const found = onFind(sought);
    if (narrow) say(found);
    else setTold(found);
  };
  return html`
    <dialog class="names" data-testid="names" aria-labelledby="names-title" ref=${panel}
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
      <div class="names-head">
        <h2 id="names-title" tabindex="-1" ref=${heading}>${w.namesTitle}</h2>
        <button type="button" class="icon-button" data-testid="names-close" aria-label=${words.common.close} onClick=${onClose}><${CrossIcon} /></button>
      </div>
      <div class="names-text" tabindex="-1">
        ${review && html`<p class="names-review" data-testid="names-review">${w.reviewNote}</p>`}
        ${!loaded && !error && html`<p class="names-note" role="status">${words.common.oneMoment}</p>`}
        ${!loaded && error && html`
          <div class="names-note" role="alert"><p>${w.namesAbsent} ${error}</p>
            <button type="button" class="button button-small" onClick=${desk.load}>${words.common.tryAgain}</button></div>`}
        ${loaded && [
          html`<${NamesList} key="names" desk=${desk} term=${term} from=${from} to=${to} onFind=${find} />`,
          html`<${StyleFields} key="style" desk=${desk} />`,
        ]}
      </div>
      ${loaded && html`<${Change} job=${job} desk=${desk} review=${review} told=${told} onTold=${setTold} onAgain=${onAgain} onClose=${onClose} />`}
    </dialog>`;
}

/**
 * What the change touches and costs, and the way to make it.
 * @param {{
 *   job: import('../jobs/job.js').Job, desk: import('./brief.js').BriefDesk, review: boolean, told: string,
 *   onTold: (told: string) => void, onAgain: (positions: number[], touches: (text: string) => boolean) => void, onClose: () => void,
 * }} props
 */
function Change({ job, desk, review, told, onTold, onAgain, onClose }) {
  const { draft, effect, applying, refusal } = useStore(desk.store);
  const going = useStore(commands).busy.has(job.id);
  const [apiKey, setKey] = useState('');
  const w = words.reader;
  const change = desk.change();
  const touched = effect?.positions.length ?? 0;
  // A key that was lent is deleted at the end of the translation.
  const asksKey = touched > 0 && isFinished(job.status) && engineNamed(job.engine)?.needs_key;
  const keyProblem = asksKey && refusal?.about(true) === 'key' ? refusal.beside : '';
  const ready = effect && draft && !incomplete(draft);

  const apply = async () => {
    const touches = touchesOf(desk, job.source_language);
    const positions = await desk.apply(asksKey && apiKey ? { api_key: apiKey } : {});
    if (!positions) return false;
    setKey('');
    onAgain(positions, touches);
    onTold(positions.length ? w.changing(positions.length) : w.saved);
    return true;
  };
  const goOn = async () => {
    if (change && !await apply()) return;
    if (await tell(job, 'resume')) onClose();
  };
  return html`
    <form class="names-foot" data-unsaved=${change ? '' : undefined}
      onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); if (ready && !applying) apply(); }}>
      ${asksKey && html`<${KeyField} id="names-key" label=${w.keyAgain} value=${apiKey} onType=${setKey} hint=${w.keyAgainHint} problem=${keyProblem} />`}
      <p class="names-effect" role="status" data-testid="names-told">${told}</p>
      <p class="names-effect" role="status" data-testid="names-effect">${effectWords(desk, job)}</p>
      <p class="names-problem" role="alert" data-testid="names-problem">${refusal && !keyProblem ? refusal.beside : ''}</p>
      <div class="names-ways">
        ${change && html`
          <button key="apply" type="submit" class=${`button button-small ${review ? '' : 'button-main'}`} data-testid="names-apply" aria-disabled=${ready && !applying ? 'false' : 'true'}>
            ${applying ? w.applying : applyWords(effect)}</button>`}
        ${change && html`
          <button key="discard" type="button" class="button button-small" data-testid="names-discard" disabled=${applying} onClick=${desk.discard}>${w.discard}</button>`}
        ${review && html`
          <button key="go" type="button" class="button button-small button-main" data-testid="names-go-on" aria-disabled=${going || applying || (change && !ready) ? 'true' : 'false'}
            onClick=${() => { if (!going && !applying && (!change || ready)) goOn(); }}>${change ? w.saveAndGoOn : w.goOn}</button>`}
      </div>
    </form>`;
}

/**
 * Tells the passages that a change is about: all, or those that hold a name.
 * @param {import('./brief.js').BriefDesk} desk
 * @param {string} tag the source's language
 * @returns {(text: string) => boolean}
 */
function touchesOf(desk, tag) {
  const { style_data: style, glossary = [] } = desk.change() ?? {};
  if (style) return () => true;
  const before = new Set(desk.store.get().glossary.map((term) => JSON.stringify(term)));
  const find = termFinder(glossary.filter((term) => !before.has(JSON.stringify(term))), inSource, tag);
  return (text) => find(text).length > 0;
}

/** @param {import('./brief.js').Effect | null} effect */
function applyWords(effect) {
  const n = effect?.positions.length ?? 0;
  if (!n) return words.common.save;
  return effect?.cost_usd ? words.reader.changeFor(n, money(effect.cost_usd)) : words.reader.change(n);
}

/**
 * @param {import('./brief.js').BriefDesk} desk
 * @param {import('../jobs/job.js').Job} job
 */
function effectWords(desk, job) {
  const { draft, effect, asking, madeBy } = desk.store.get();
  const w = words.reader;
  if (!draft) return madeBy === 'analysis' ? w.foundInDocument : '';
  if (incomplete(draft)) return w.incomplete;
  if (asking) return w.looking;
  if (!effect) return '';
  const n = effect.positions.length;
  if (!n) return isFinished(job.status) ? w.touchesNone : w.touchesComing;
  const { cost_usd: cost, eta_seconds: eta } = effect;
  const price = cost === null ? w.costUnknown : cost === 0 ? w.costNothing : w.costs(money(cost));
  return `${w.touches(n)} ${eta ? w.priceAndTime(price, duration(eta)) : w.price(price)}`;
}
