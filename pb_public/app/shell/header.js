import { clerk } from '../auth/clerk.js';
import { UserButton } from '../auth/clerk-view.js';
import { signOut } from '../auth/session.js';
import { config } from '../config.js';
import { leaveNow } from '../jobs/commands.js';
import { stream } from '../jobs/live.js';
import { html } from '../preact.js';
import { deskLink, go } from '../route.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { Mark } from './icons.js';
import { TongueChoice } from './tongue-choice.js';
import { agreesToSignOut } from './unfinished.js';

/** @param {{ person?: import('../auth/session.js').Person }} props nobody yet, while Clerk is on its way */
export function Header({ person }) {
  const { lost, offline } = useStore(stream);
  return html`
    <header class="house">
      <a class="house-name" href=${deskLink} aria-label=${words.shell.home}><${Mark} /><span>Verso</span></a>
      <p class="house-stream" role="status" data-testid="stream">
        ${(lost || offline) && html`<span>${offline ? words.shell.offline : words.shell.reconnecting}</span>`}</p>
      <${TongueChoice} />
      ${config.mode === 'demo' ? html`<${DemoPerson} person=${person} />` : html`<${ClerkPerson} />`}
    </header>`;
}

/** Clerk's button, in a place that is kept for it. */
function ClerkPerson() {
  const { phase } = useStore(clerk);
  return html`<div class="house-account">${phase === 'ready' && html`<${UserButton} key=${words.locale} />`}</div>`;
}

/** @param {{ person: import('../auth/session.js').Person }} props */
const DemoPerson = ({ person }) => html`
  <p class="house-person"><span data-testid="signed-in-name">${person.name}</span></p>
  <button type="button" class="text-button" data-testid="sign-out" onClick=${leave}>${words.shell.signOut}</button>`;

/** The next person begins at the desk, not in this one's book. */
function leave() {
  if (!agreesToSignOut()) return;
  leaveNow();
  signOut();
  go(deskLink, true);
}
