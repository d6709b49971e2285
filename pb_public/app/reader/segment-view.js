import { Component, html } from '../preact.js';
import { count } from '../phrasing.js';

/**
 * @typedef {import('./segment-feed.js').Segment} Segment
 * @typedef {{ lang: string | undefined, dir: string }} Script
 */

/** Rough, for a scroll bar that does not jump: characters on a line, lines' and paragraphs' heights. */
const CHARACTERS_A_LINE = 58;
const LINE_PX = 28;
const PARAGRAPH_PX = 20;

/**
 * One segment, block beside block. It is drawn again only when its content is
 * another: a book has thousands of these.
 * @extends {Component<{ segment: Segment, from: Script, to: Script, tagged: boolean }>}
 */
export class SegmentView extends Component {
  /** @param {{ segment: Segment, from: Script, to: Script }} next */
  shouldComponentUpdate(next) {
    const { segment, from, to } = this.props;
    return next.segment !== segment || next.from !== from || next.to !== to;
  }

  render() {
    const { segment, from, to, tagged } = this.props;
    const translated = new Map(segment.translation.map((block) => [block.id, block.text]));
    const text = tagged ? withoutTags : asItIs;
    const left = segment.status === 'issue' ? leftInTheOriginal(segment, translated) : [];
    // The reason stands where the reader meets what it is about.
    const noteAt = segment.status === 'issue' ? left[0] ?? segment.source[0]?.id : undefined;
    const whole = left.length === segment.source.length;
    const note = { lead: `${whole ? 'This' : 'Part of this'} section stands in the original.`, reason: reasonOf(segment) };
    return html`
      <section class=${`segment ${segment.fresh ? 'segment-fresh' : ''}`} data-position=${segment.position}
        style=${{ containIntrinsicBlockSize: `auto ${estimatedHeight(segment)}px` }}>
        ${segment.source.map((block) => html`
          <${BlockView} key=${block.id} block=${block} translation=${translated.get(block.id)} text=${text}
            left=${left.includes(block.id)} marked=${!whole} note=${block.id === noteAt && note} from=${from} to=${to} />`)}
      </section>`;
  }
}

/**
 * @param {{
 *   block: import('./segment-feed.js').Block, translation: string | undefined,
 *   left: boolean, marked: boolean, note: false | { lead: string, reason: string },
 *   text: (text: string) => string, from: Script, to: Script,
 * }} props
 */
function BlockView({ block, translation, left, marked, note, text, from, to }) {
  const script = left ? from : to;
  return html`
    ${note && html`
      <div class="block">
        <p class="issue" tabindex="-1" data-testid="reader-issue"><b>${note.lead}</b> ${note.reason}</p>
      </div>`}
    <div class=${`block ${left ? 'block-left' : ''}`} data-testid="reader-block" data-block-id=${block.id}>
      <p class="source" data-testid="reader-source" lang=${from.lang} dir=${from.dir}>${text(block.text)}</p>
      <div>
        <p class="translation" data-testid="reader-translation" lang=${script.lang} dir=${script.dir}>
          ${text(translation ?? block.text)}</p>
        ${left && marked && html`<span class="left-mark">Left in the original</span>`}
      </div>
    </div>`;
}

/**
 * What is still to come between two segments or after the last.
 * @param {{ first: number, last: number, ended: boolean }} props positions, from 0
 */
export function Gap({ first, last, ended }) {
  const n = last - first + 1;
  const which = n === 1 ? `Section ${first + 1}` : `Sections ${first + 1} to ${last + 1}`;
  return html`
    <div class="block">
      <p class="gap" data-testid="reader-gap">${ended
        ? `${which} ${n === 1 ? 'was' : 'were'} not translated`
        : `${which} still to come`}</p>
    </div>`;
}

/**
 * The ids of what has no translation, or none but itself.
 * @param {Segment} segment
 * @param {Map<string, string>} translated
 */
function leftInTheOriginal({ source }, translated) {
  const missing = source.filter((block) => !translated.has(block.id));
  const left = missing.length ? missing : source.filter((block) => translated.get(block.id) === block.text);
  return left.map((block) => block.id);
}

/**
 * The server's reason, less the list of block ids: the blocks themselves are marked.
 * @param {Segment} segment
 */
function reasonOf({ issue, source }) {
  if (issue) return issue.replace(/: b\d[\d.]*(?:, b\d[\d.]*)*(?: and \d+ more)?\./g, '.');
  return `${count(source.length, 'passage')} could not be translated with certainty.`;
}

/** @param {Segment} segment */
function estimatedHeight({ source }) {
  const lines = source.reduce((sum, block) => sum + Math.ceil(block.text.length / CHARACTERS_A_LINE), 0);
  return lines * LINE_PX + source.length * PARAGRAPH_PX;
}

/** Inline markup travels as numbered tags; for reading, the words are enough. @param {string} text */
const withoutTags = (text) => text.replace(/<\/?\d+\/?>/g, '');
/** @param {string} text */
const asItIs = (text) => text;
