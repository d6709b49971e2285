import { useNow } from '../clock.js';
import { fileSize } from '../phrasing.js';
import { html } from '../preact.js';
import { Bar } from '../shell/bar.js';
import { CrossIcon } from '../shell/icons.js';
import { removeFile, sendAgain } from './upload-queue.js';

/**
 * One document on the desk.
 * @param {{ item: import('./upload-queue.js').Item, brief: () => import('./send.js').Brief, onRemoved: () => void }} props
 */
export function FileRow({ item, brief, onRemoved }) {
  const now = useNow(item.retryAt > Date.now());
  const wait = Math.ceil((item.retryAt - now) / 1000);
  const { name } = item.file;
  const remove = () => { removeFile(item.key); onRemoved(); };
  return html`
    <li class=${`file file-${item.stage}`} data-testid="upload-item" data-stage=${item.stage}>
      <p class="file-name" title=${name}><bdi>${name}</bdi></p>
      <button type="button" class="icon-button" onClick=${remove}
        aria-label=${item.stage === 'sending' ? `Stop sending ${name}` : `Take ${name} off the desk`}><${CrossIcon} /></button>
      <div class="file-state">
        ${item.problem
          ? html`<p class="file-problem">${item.problem}</p>`
          : html`<p class="file-note">${note(item)}</p>`}
        ${item.stage === 'failed' && item.retryable && html`
          <button type="button" class="text-button" disabled=${wait > 0} onClick=${() => sendAgain(item, brief())}>
            ${wait > 0 ? `Send again in ${wait} s` : 'Send again'}</button>`}
      </div>
      ${item.stage === 'sending' && html`<${Bar} value=${item.share * 100} label=${`Sending ${name}`} />`}
    </li>`;
}

/** @param {import('./upload-queue.js').Item} item */
function note(item) {
  if (item.stage === 'queued') return `${fileSize(item.file.size)}, next in line`;
  if (item.stage !== 'sending') return fileSize(item.file.size);
  return item.share < 1 ? `Sending, ${Math.floor(item.share * 100)} %` : 'Having a first look at it';
}
