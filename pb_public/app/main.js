import { App } from './app.js';
import { html, render } from './preact.js';
import { isSending, isWriting } from './shell/unfinished.js';
import { preferredWords, speak } from './words/words.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
await speak(preferredWords());
root.textContent = '';
render(html`<${App} />`, root);

// Closing the page would cut off what is still being sent, and lose what is
// being written.
addEventListener('beforeunload', (event) => {
  if (isSending() || isWriting()) event.preventDefault();
});
