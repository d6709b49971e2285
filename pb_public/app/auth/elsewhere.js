import { html } from '../preact.js';
import { words } from '../words/words.js';
import { Threshold } from './threshold.js';

/** Shown where people sign in with Clerk on another page: no publishable key is set. */
export function Elsewhere() {
  const [before, after] = words.auth.elsewhere.programs('\n').split('\n');
  return html`
    <${Threshold} testid="serve-mode">
      <h2 class="threshold-title" tabindex="-1">${words.auth.elsewhere.title}</h2>
      <p class="threshold-words">${words.auth.elsewhere.people}</p>
      <p class="threshold-words">${before}<code>Authorization</code>${after}</p>
    <//>`;
}
