import { useNow } from '../clock.js';
import { fileSize, percent } from '../phrasing.js';
import { html } from '../preact.js';
import { Bar } from '../shell/bar.js';
import { CrossIcon } from '../shell/icons.js';
import { words } from '../words/words.js';
import { factsOf, priceOf } from './quote-words.js';
import { removeFile, sendItems } from './upload-queue.js';

/**
 * One document on the desk.
 * @param {{
 *   item: import('./upload-queue.js').Item, answer?: import('./quotes.js').Answer,
 *   brief: import('./send.js').Brief, onRemoved: () => void,
 * }} props answer: what it is going to take
 */
export function FileRow({ item, answer, brief, onRemoved }) {
  const now = useNow(item.retryAt > Date.now());
  const wait = Math.ceil((item.retryAt - now) / 1000);
  const { name } = item.file;
  const remove = () => { removeFile(item.key); onRemoved(); };
  const w = words.desk;
  return html`
    <li class=${`file file-${item.stage}`} data-testid="upload-item" data-stage=${item.stage} data-asking=${answer?.asking ? 'true' : 'false'}>
      <p class="file-name" title=${name}><bdi>${name}</bdi></p>
      <button type="button" class="icon-button" onClick=${remove}
        aria-label=${item.stage === 'sending' ? w.stopSending(name) : w.takeOff(name)}><${CrossIcon} /></button>
      <div class="file-state">
        ${item.problem
          ? html`<p class="file-problem">${item.problem}</p>`
          : html`<p class="file-note" data-testid="file-facts">${note(item, answer)}</p>`}
        ${item.stage === 'failed' && item.retryable && html`
          <button type="button" class="text-button" disabled=${wait > 0} onClick=${() => sendItems([item], brief)}>
            ${wait > 0 ? w.sendAgainIn(wait) : w.sendAgain}</button>`}
      </div>
      ${!item.problem && html`<p class=${`file-price ${answer?.asking ? 'file-price-old' : ''}`} data-testid="file-price">${price(answer, item.brief ?? brief)}</p>`}
      ${item.stage === 'sending' && html`<${Bar} value=${item.share * 100} label=${w.sendingIt(name)} />`}
    </li>`;
}

/**
 * @param {import('./upload-queue.js').Item} item
 * @param {import('./quotes.js').Answer | undefined} answer
 */
function note(item, answer) {
  const w = words.desk;
  if (item.stage === 'queued') return w.nextInLine(fileSize(item.file.size));
  if (item.stage !== 'sending') return factsOf(item.file, answer?.quote ?? null);
  return item.share < 1 ? w.sending(percent(item.share)) : w.firstLook;
}

/**
 * @param {import('./quotes.js').Answer | undefined} answer
 * @param {import('./send.js').Brief} brief
 */
function price(answer, { language, engine }) {
  const w = words.desk;
  if (answer?.problem) return w.noEstimate(answer.problem);
  // The cost is another for each language: before one is chosen there is none.
  if (!language) return w.priceLater;
  return answer?.quote && answer.quote.target_language === language ? priceOf(answer.quote, engine) : w.estimating;
}
