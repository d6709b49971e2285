import { signOut } from '../auth/session.js';
import { cancelNow } from '../jobs/commands.js';
import { stream } from '../jobs/live.js';
import { html } from '../preact.js';
import { deskLink } from '../route.js';
import { useStore } from '../store.js';
import { Mark } from './icons.js';

/** @param {{ person: import('../auth/session.js').Person }} props */
export function Header({ person }) {
  const { lost, offline } = useStore(stream);
  return html`
    <header class="house">
      <a class="house-name" href=${deskLink} aria-label="Verso, your documents"><${Mark} /><span>Verso</span></a>
      <p class="house-stream" role="status" data-testid="stream">
        ${(lost || offline) && html`<span>${offline ? 'No connection' : 'Reconnecting…'}</span>`}</p>
      <p class="house-person"><span data-testid="signed-in-name">${person.name}</span></p>
      <button type="button" class="text-button" data-testid="sign-out" onClick=${leave}>Sign out</button>
    </header>`;
}

/** The next person begins at the desk, not in this one's book. */
function leave() {
  location.hash = deskLink;
  cancelNow();
  signOut();
}
