import { config } from '../config.js';
import { html, useState } from '../preact.js';
import { Mark } from '../shell/icons.js';
import { useStore } from '../store.js';
import { session, signIn } from './session.js';

/**
 * The demo's sign-in: its people are made up, so there is nothing to type.
 * @param {{ people: import('./session.js').Person[] }} props
 */
export function SignIn({ people }) {
  const { farewell } = useStore(session);
  const [opening, setOpening] = useState('');
  const [problem, setProblem] = useState('');
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
    <main class="threshold" id="main">
      <div class="spread">
        <${Frontispiece} />
        <div class="leaf threshold-right">
          <h2 class="threshold-title">Who is reading?</h2>
          <p class="threshold-words">This is a demonstration with made-up people${config.engines.every(({ free }) => free) && ' and an engine that only plays at translating'}. Choose either.</p>
          <ul class="people">
            ${people.map((person) => html`
              <li key=${person.id}>
                <button type="button" class="person" data-testid=${`sign-in-${person.id}`}
                  aria-disabled=${opening ? 'true' : 'false'} onClick=${() => !opening && enter(person)}>
                  <span class="person-initial" aria-hidden="true">${person.name.charAt(0)}</span>
                  <span class="person-name">${person.name}</span>
                  <span class="person-email">${opening === person.id ? 'One moment…' : person.email}</span>
                </button>
              </li>`)}
          </ul>
          <p class="threshold-problem" role="alert">${problem || farewell}</p>
        </div>
      </div>
    </main>`;
}

/** The left page of every way in. */
export function Frontispiece() {
  return html`
    <div class="leaf frontispiece">
      <${Mark} />
      <h1>Verso</h1>
      <p class="entry"><i>noun.</i> The left-hand page of an open book.
        Here, the page you bring; the translation comes to lie on the right.</p>
    </div>`;
}
