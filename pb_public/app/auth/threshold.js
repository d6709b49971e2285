import { html } from '../preact.js';
import { Mark } from '../shell/icons.js';
import { TongueChoice } from '../shell/tongue-choice.js';
import { words } from '../words/words.js';

/**
 * Every way in: the title page on the left, and on the right what there is to do.
 * @param {{ testid?: string, children?: object }} props
 */
export function Threshold({ testid, children }) {
  return html`
    <main class="threshold" id="main">
      <div class="spread">
        <div class="leaf frontispiece">
          <${Mark} />
          <h1>Verso</h1>
          <p class="entry"><i>${words.auth.noun}</i> ${words.auth.entry}</p>
        </div>
        <div class="leaf threshold-right" data-testid=${testid}>${children}</div>
      </div>
      <p class="threshold-tongue"><${TongueChoice} /></p>
    </main>`;
}
