import { html } from '../preact.js';

// Drawn in the text's own colour and size; words stand beside or in a label.

/** The mark: an open book from above, its left page (the verso) inked. */
export const Mark = () => html`
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path class="mark-verso" d="M2 5.5 15.2 11v17L2 22.5z" />
    <path class="mark-recto" d="M30 5.5 16.8 11v17L30 22.5z" />
  </svg>`;

/** @param {{ d: string }} props */
export const Stroke = ({ d }) => html`
  <svg class="icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${d} /></svg>`;

export const CrossIcon = () => html`<${Stroke} d="M5.5 5.5l9 9M14.5 5.5l-9 9" />`;
export const BackIcon = () => html`<${Stroke} d="M12 4.5 6.5 10l5.5 5.5" />`;
export const DownloadIcon = () => html`<${Stroke} d="M10 3.5v9M6.5 9.5 10 13l3.5-3.5M4 16.5h12" />`;
export const BinIcon = () => html`<${Stroke} d="M4 5.5h12M8 5.5V3.8h4v1.7M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5" />`;
export const PauseIcon = () => html`<${Stroke} d="M7.5 4.8v10.4M12.5 4.8v10.4" />`;
export const PlayIcon = () => html`<${Stroke} d="M6.8 4.5 15.2 10l-8.4 5.5z" />`;
export const StopIcon = () => html`<${Stroke} d="M5.5 5.5h9v9h-9z" />`;
export const AgainIcon = () => html`<${Stroke} d="M15.6 11a5.7 5.7 0 1 1-1.4-4.9l1.6 1.6M15.8 4v3.7h-3.7" />`;
export const UndoIcon = () => html`<${Stroke} d="M7.5 4.5 4 8l3.5 3.5M4 8h7.5a4 4 0 0 1 0 8H9" />`;
export const DownIcon = () => html`<${Stroke} d="M5.5 8 10 12.5 14.5 8" />`;
export const SearchIcon = () => html`<${Stroke} d="M8.8 3.8a5 5 0 1 1 0 10 5 5 0 0 1 0-10M12.5 12.5l3.8 3.8" />`;
export const MailIcon = () => html`<${Stroke} d="M3 5h14v10.5H3zM3.5 5.5 10 11l6.5-5.5" />`;

/** Loose leaves, for the empty desk. */
export const LeavesDrawing = () => html`
  <svg class="leaves" viewBox="0 0 96 72" fill="none" stroke="currentColor" stroke-width="1.4"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path class="leaf-back" d="M30.5 14.5l34-6 8 46-34 6z" />
    <path class="leaf-front" d="M24 11h34v50H24z" />
    <path d="M31 21h20M31 28h20M31 35h20M31 42h12" />
  </svg>`;
