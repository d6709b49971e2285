import { html } from '../preact.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { clerk, startClerk } from './clerk.js';
import { Entry } from './clerk-view.js';
import { session } from './session.js';
import { Threshold } from './threshold.js';

/** Signing in and signing up with Clerk. @param {{ view: 'sign-in' | 'sign-up' }} props */
export function Entrance({ view }) {
  const { phase } = useStore(clerk);
  const { farewell } = useStore(session);
  return html`
    <${Threshold} testid=${view}>
      ${farewell && html`<p class="farewell" role="alert" data-testid="farewell">${farewell}</p>`}
      ${phase === 'ready' && html`<${Entry} key=${words.locale} view=${view} />`}
      ${phase === 'loading' && html`
        <div class="clerk-entry"><p class="threshold-words" role="status">${words.auth.loading}</p></div>`}
      ${phase === 'failed' && html`<${OutOfReach} />`}
    <//>`;
}

/** Said wherever somebody waits for Clerk, and the way to try again. */
export function OutOfReach() {
  return html`
    <div class="out-of-reach" role="alert" data-testid="clerk-failed">
      <h2 class="threshold-title">${words.auth.unreachableTitle}</h2>
      <p class="threshold-words">${words.auth.unreachable}</p>
      <p class="ways"><button type="button" class="button" data-testid="clerk-again" onClick=${startClerk}>${words.common.tryAgain}</button></p>
    </div>`;
}
