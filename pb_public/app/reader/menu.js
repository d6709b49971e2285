import { html, useLayoutEffect, useRef } from '../preact.js';

/**
 * A button and what it opens below itself. Escape, a click elsewhere and the
 * focus going elsewhere close it; arrows lead through it.
 * @param {{
 *   name: string, label: string, face: object, open: boolean, onOpen: (open: boolean) => void,
 *   className?: string, children?: object,
 * }} props name is the button's testid
 */
export function Menu({ name, label, face, open, onOpen, className = 'icon-button', children }) {
  const box = /** @type {{ current: HTMLElement | null }} */ (useRef(null));
  useLayoutEffect(() => {
    if (!open) return undefined;
    const choices = () => /** @type {HTMLElement[]} */ ([...box.current?.querySelectorAll('.menu button, .menu input:checked') ?? []]);
    choices()[0]?.focus({ preventScroll: true });
    const elsewhere = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) onOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
    };
  }, [open]);
  const close = () => {
    onOpen(false);
    /** @type {HTMLElement | null | undefined} */ (box.current?.firstElementChild)?.focus({ preventScroll: true });
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (!open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') close();
    else if (step && document.activeElement instanceof HTMLButtonElement) {
      const all = /** @type {HTMLElement[]} */ ([...box.current?.querySelectorAll('.menu button') ?? []]);
      all.at((all.indexOf(document.activeElement) + step) % all.length)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`
    <span class="menu-box" ref=${box} onKeyDown=${keys}>
      <button type="button" class=${className} data-testid=${name} aria-label=${label} title=${label} aria-expanded=${open ? 'true' : 'false'}
        onClick=${() => onOpen(!open)}>${face}</button>
      ${open && html`<div class="menu" role="group" aria-label=${label}>${children}</div>`}
    </span>`;
}
