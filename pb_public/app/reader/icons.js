import { html } from '../preact.js';
import { Stroke } from '../shell/icons.js';

export const NamesIcon = () => html`<${Stroke} d="M4 4.5h8.5a2 2 0 0 1 2 2v9H6a2 2 0 0 1-2-2zM7 8h4.5M7 11h4.5M16.5 7.5v9" />`;
export const PreviousIcon = () => html`<${Stroke} d="M5.5 12 10 7.5l4.5 4.5" />`;
