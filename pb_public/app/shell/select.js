import { html } from '../preact.js';
import { DownIcon } from './icons.js';

/**
 * The browser's own select: it knows phones, keyboards and screen readers, and
 * finds a choice as its name is typed.
 * @param {{ id: string, testid: string, value: string, onChoose: (value: string) => void,
 *   describedby?: string, children?: object }} props the children are its options
 */
export function Select({ id, testid, value, onChoose, describedby, children }) {
  return html`
    <span class="select">
      <select id=${id} data-testid=${testid} value=${value} aria-describedby=${describedby}
        onChange=${(/** @type {any} */ event) => onChoose(event.currentTarget.value)}>${children}</select>
      <${DownIcon} />
    </span>`;
}
