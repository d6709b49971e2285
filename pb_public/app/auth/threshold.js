import { html, useRef } from '../preact.js';
import { useArrival } from '../shell/arrival.js';
import { Mark } from '../shell/icons.js';
import { TongueChoice } from '../shell/tongue-choice.js';
import { words } from '../words/words.js';

/**
 * Every way in: the title page on the left, and on the right what there is to do.
 * @param {{ testid?: string, children?: object }} props
 */
export function Threshold({ testid, children }) {
  const main = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  useArrival('door', () => /** @type {HTMLElement | null | undefined} */ (main.current?.querySelector('.threshold-title[tabindex]')) ?? main.current);
  return html`
    <main class="threshold" id="main" tabindex="-1" ref=${main}>
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
