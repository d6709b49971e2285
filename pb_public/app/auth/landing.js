import { config, formatTitle } from '../config.js';
import { html } from '../preact.js';
import { go } from '../route.js';
import { words } from '../words/words.js';
import { Threshold } from './threshold.js';

/** What a guest sees first. It needs nothing of Clerk's, and stands before that arrives. */
export function Landing() {
  const { landing } = words.auth;
  const formats = config.formats.map(({ name }) => formatTitle(name));
  return html`
    <${Threshold} testid="landing">
      <h2 class="threshold-title" tabindex="-1">${landing.title}</h2>
      <p class="threshold-words">${landing.words}</p>
      <ul class="promises">
        ${landing.promises.map((promise) => html`<li key=${promise}>${promise}</li>`)}
      </ul>
      <p class="ways">
        <a class="button button-main" href="/sign-up" data-testid="to-sign-up" onClick=${stay}>${landing.signUp}</a>
        <a class="button" href="/sign-in" data-testid="to-sign-in" onClick=${stay}>${landing.signIn}</a>
      </p>
      <p class="threshold-small">${landing.takes(formats)}</p>
    <//>`;
}

/** Without loading the page anew, but for who wants another tab. @param {MouseEvent} event */
function stay(event) {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(/** @type {HTMLAnchorElement} */ (event.currentTarget).href);
}
