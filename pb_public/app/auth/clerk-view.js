import { html, useLayoutEffect, useRef } from '../preact.js';
import { clerkJS } from './clerk.js';
import { entryProps, signedOutPath } from './clerk-options.js';

/**
 * A place in which ClerkJS draws.
 * @param {{ what: 'SignIn' | 'SignUp' | 'UserButton', props: object, className: string }} props
 */
function Drawn({ what, props, className }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const node = place.current;
    const js = clerkJS();
    js[`mount${what}`](node, props);
    return () => js[`unmount${what}`](node);
  }, []);
  return html`<div ref=${place} class=${className} data-testid=${`clerk-${what}`}></div>`;
}

/** @param {{ view: 'sign-in' | 'sign-up' }} props */
export const Entry = ({ view }) => html`
  <${Drawn} key=${view} what=${view === 'sign-in' ? 'SignIn' : 'SignUp'} className="clerk-entry"
    props=${{ ...entryProps(), path: `/${view}` }} />`;

/** The account, and the way out. */
export const UserButton = () => html`
  <${Drawn} what="UserButton" className="clerk-user" props=${{ afterSignOutUrl: signedOutPath }} />`;
