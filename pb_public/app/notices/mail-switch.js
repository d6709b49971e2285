import { call } from '../api.js';
import { html, useEffect, useState } from '../preact.js';
import { MailIcon } from '../shell/icons.js';
import { words } from '../words/words.js';
import { mention, say } from './notices.js';

const PATH = '/api/v1/notices';

/** Whether one is told by mail what becomes of one's documents, where the server sends any. */
export function MailSwitch() {
  const [wanted, setWanted] = useState(/** @type {boolean | null} */ (null));
  const [working, setWorking] = useState(false);
  useEffect(() => {
    let here = true;
    // Without an answer there is nothing to switch.
    call(PATH).then(({ mail, offered }) => { if (here && offered) setWanted(mail); }, () => {});
    return () => { here = false; };
  }, []);
  if (wanted === null) return null;

  const turn = async () => {
    if (working) return;
    setWorking(true);
    setWanted(!wanted);
    try {
      const { mail } = await call(PATH, { method: 'PATCH', json: { mail: !wanted } });
      setWanted(mail);
      mention(mail ? words.notices.mailOn : words.notices.mailOff);
    } catch (error) {
      setWanted(wanted);
      say(words.notices.mailNotChanged(/** @type {Error} */ (error).message), { tone: 'bad' });
    }
    setWorking(false);
  };
  return html`
    <button type="button" class="mail-switch" role="switch" aria-checked=${String(wanted)} aria-label=${words.notices.mail}
      title=${words.notices.mail} data-testid="mail-switch" onClick=${turn}>
      <${MailIcon} /><span class="unseen-narrow">${words.notices.mail}</span><i class="switch" aria-hidden="true" /></button>`;
}
