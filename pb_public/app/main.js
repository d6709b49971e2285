import { App } from './app.js';
import { html, render } from './preact.js';
import { uploads } from './upload/upload-queue.js';
import { preferredWords, speak } from './words/words.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
await speak(preferredWords());
root.textContent = '';
render(html`<${App} />`, root);

// Closing the page would cut off what is still being sent, and lose what is
// being written.
addEventListener('beforeunload', (event) => {
  const sending = uploads.get().items.some(({ stage }) => stage === 'sending' || stage === 'queued');
  if (sending || document.querySelector('[data-unsaved]')) event.preventDefault();
});
