import { config } from '../config.js';
import { html, useState } from '../preact.js';
import { useStore } from '../store.js';
import { words } from '../words/words.js';
import { signIn } from './demo.js';
import { session } from './session.js';
import { Threshold } from './threshold.js';

/**
 * The demo's sign-in: its people are made up, so there is nothing to type.
 * @param {{ people: import('./session.js').Person[] }} props
 */
export function SignIn({ people }) {
  const { farewell } = useStore(session);
  const [opening, setOpening] = useState('');
  const [problem, setProblem] = useState('');
  const { demo } = words.auth;
  const enter = async (/** @type {import('./session.js').Person} */ person) => {
    setOpening(person.id);
    setProblem('');
    try {
      await signIn(person);
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
      setOpening('');
    }
  };
  return html`
    <${Threshold}>
      <h2 class="threshold-title" tabindex="-1">${demo.title}</h2>
      <p class="threshold-words">${demo.words(onlyPlays())}</p>
      <ul class="people">
        ${people.map((person) => html`
          <li key=${person.id}>
            <button type="button" class="person" data-testid=${`sign-in-${person.id}`}
              aria-disabled=${opening ? 'true' : 'false'} onClick=${() => !opening && enter(person)}>
              <span class="person-initial" aria-hidden="true">${person.name.charAt(0)}</span>
              <span class="person-name">${person.name}</span>
              <span class="person-email">${opening === person.id ? words.common.oneMoment : person.email}</span>
            </button>
          </li>`)}
      </ul>
      <p class="threshold-problem" role="alert">${problem || farewell}</p>
    <//>`;
}

/** Whether no engine of the demo's is real. */
const onlyPlays = () => config.engines.every(({ free }) => free);

/** Over every view of the demo: what is not real in it. */
export const DemoBanner = () => html`
  <aside class="demo-banner" data-testid="demo-banner">${words.auth.demo.banner(onlyPlays())}</aside>`;
