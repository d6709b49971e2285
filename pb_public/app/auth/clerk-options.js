import { destination, wayIn } from './destination.js';
import { words } from '../words/words.js';

/** Marks the address to which ClerkJS goes when its own button signs out. */
const LEFT = 'signed-out';
export const signedOutPath = `/sign-in?${LEFT}`;
/** @param {URL} url */
export const isSignedOutPath = (url) => url.searchParams.has(LEFT);

const plain = { border: 0, borderRadius: 0, background: 'none', boxShadow: 'none' };
// Doubled, since Clerk's own states would else have the last word.
const field = { '&&:not([type=checkbox])': { minHeight: '2.75rem', fontSize: '1rem', border: '1px solid var(--edge)', boxShadow: 'none' } };
const left = { alignItems: 'start', textAlign: 'start' };

/** The page's own colours and type, by name, so that they follow day and night. */
export const appearance = {
  options: { logoPlacement: 'none', socialButtonsPlacement: 'bottom' },
  variables: {
    colorPrimary: 'var(--cloth)',
    colorPrimaryForeground: 'var(--on-cloth)',
    colorDanger: 'var(--ribbon)',
    colorSuccess: 'var(--cloth)',
    colorWarning: 'var(--amber)',
    colorNeutral: 'var(--ink)',
    colorForeground: 'var(--ink)',
    colorMuted: 'var(--leaf-under)',
    colorMutedForeground: 'var(--ink-soft)',
    colorBackground: 'var(--leaf)',
    colorInput: 'var(--leaf)',
    colorInputForeground: 'var(--ink)',
    colorBorder: 'var(--edge)',
    colorRing: 'var(--cloth)',
    fontFamily: 'var(--sans)',
    fontSize: '0.9375rem',
    borderRadius: '3px',
  },
  elements: {
    formFieldInput: field,
    otpCodeFieldInput: { '&&': { border: '1px solid var(--edge)', boxShadow: 'none' } },
    formButtonPrimary: { '&&': { minHeight: '2.75rem', fontSize: '0.9375rem', backgroundImage: 'none', boxShadow: 'none' }, '&&::after': { display: 'none' } },
    // Clerk's own shade of these is too pale to be read on paper.
    userButtonPopoverActionButton: { color: 'var(--ink)' },
    userButtonAvatarBox: { width: '2rem', height: '2rem' },
    avatarBox: { background: 'var(--cloth-tint)' },
  },
};

/** The ways in lie on the page, without a card of their own. */
const onThePage = {
  elements: {
    rootBox: { width: '100%', maxWidth: '25rem' },
    cardBox: { ...plain, width: '100%', maxWidth: '100%', overflow: 'visible' },
    card: { ...plain, padding: 0, margin: 0, overflow: 'visible' },
    header: left,
    headerTitle: { font: '1.625rem/1.25 var(--serif)', color: 'var(--ink)' },
    headerSubtitle: { fontSize: '0.9375rem' },
    identityPreview: { margin: 0, marginInlineEnd: 'auto' },
    otpCodeField: { '&&': { alignItems: 'start' } },
    otpCodeFieldInputContainer: { '&&': { justifyContent: 'start' } },
    otpCodeFieldInputs: { '&&': { justifyContent: 'start' } },
    formResendCodeLink: { alignSelf: 'start', padding: 0, minHeight: '1.5rem' },
    footer: { '&&': { ...plain, ...left, marginTop: '1.25rem', padding: 0 }, '&& *': { margin: 0, paddingInline: 0 } },
    footerAction: { margin: 0, padding: 0 },
    formFieldAction: { minHeight: '1.5rem' },
  },
};

/** What Clerk's own components say, as far as the page has its own words for it. */
export const localization = () => words.auth.clerk;

/** Where both ways in lead, and to each other, with what was wanted kept. */
export function entryProps() {
  const to = destination();
  return {
    routing: 'path',
    appearance: onThePage,
    signInUrl: wayIn('sign-in', to),
    signUpUrl: wayIn('sign-up', to),
    // Not the fallback: what the address asks for has been looked at here.
    forceRedirectUrl: to,
    signInForceRedirectUrl: to,
    signUpForceRedirectUrl: to,
  };
}
