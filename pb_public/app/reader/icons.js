import { html } from '../preact.js';

// Drawn as those of the house are: in the text's colour and size.

/** @param {{ d: string }} props */
const Stroke = ({ d }) => html`
  <svg class="icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${d} /></svg>`;

export const FindIcon = () => html`<${Stroke} d="M8.8 14.1a5.3 5.3 0 1 0 0-10.6 5.3 5.3 0 0 0 0 10.6zM12.7 12.7l3.8 3.8" />`;
export const NamesIcon = () => html`<${Stroke} d="M4 4.5h8.5a2 2 0 0 1 2 2v9H6a2 2 0 0 1-2-2zM7 8h4.5M7 11h4.5M16.5 7.5v9" />`;
export const PreviousIcon = () => html`<${Stroke} d="M5.5 12 10 7.5l4.5 4.5" />`;
