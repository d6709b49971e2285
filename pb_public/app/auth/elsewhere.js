import { html } from '../preact.js';
import { Frontispiece } from './sign-in.js';

/** Shown where people sign in with Clerk, which this page does not do. */
export function Elsewhere() {
  return html`
    <main class="threshold" id="main">
      <div class="spread">
        <${Frontispiece} />
        <div class="leaf threshold-right" data-testid="serve-mode">
          <h2 class="threshold-title">This service is running.</h2>
          <p class="threshold-words">People sign in to it on the page of its own front end.</p>
          <p class="threshold-words">Programs use the API with a Clerk session token in the
            ${' '}<code>Authorization</code> header.</p>
        </div>
      </div>
    </main>`;
}
