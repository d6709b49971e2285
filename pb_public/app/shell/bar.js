import { html } from '../preact.js';

/**
 * @param {{ value: number, label: string, tone?: string, testid?: string }} props value 0 to 100
 */
export function Bar({ value, label, tone = '', testid }) {
  return html`
    <div class=${`bar ${tone && `bar-${tone}`}`} role="progressbar" data-testid=${testid} aria-label=${label}
      aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.floor(value)}>
      <span class="bar-fill" style=${{ transform: `scaleX(${value / 100})` }} />
    </div>`;
}
