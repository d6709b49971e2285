import { Component, html } from '../preact.js';
import { BlockView } from './block-view.js';
import { IssueNote } from './issue-note.js';

/**
 * @typedef {import('./segment-feed.js').Segment} Segment
 * @typedef {import('./segment-feed.js').Block} Block
 * @typedef {{ lang: string | undefined, dir: string }} Script
 */

/** Rough, for a scroll bar that does not jump: characters on a line, lines' and paragraphs' heights. */
const CHARACTERS_A_LINE = 58;
const LINE_PX = 28;
const PARAGRAPH_PX = 20;

/**
 * One segment, block beside block. It is drawn again only when its content is
 * another: a book has thousands of these.
 * @extends {Component<{
 *   segment: Segment, from: Script, to: Script, tagged: boolean, jobId: string,
 *   onCorrect: (position: number, blocks: Block[]) => Promise<void>,
 * }>}
 */
export class SegmentView extends Component {
  /** @param {{ segment: Segment, from: Script, to: Script }} next */
  shouldComponentUpdate(next) {
    const { segment, from, to } = this.props;
    return next.segment !== segment || next.from !== from || next.to !== to;
  }

  render() {
    const { segment, from, to, tagged, jobId, onCorrect } = this.props;
    const translated = new Map(segment.translation.map((block) => [block.id, block.text]));
    const left = segment.status === 'done' ? [] : leftInTheOriginal(segment, translated);
    // The reason stands where the reader meets what it is about.
    const noteAt = segment.status === 'done' ? undefined : left[0] ?? segment.source[0]?.id;
    const whole = left.length === segment.source.length;
    const save = (/** @type {Block} */ block) => onCorrect(segment.position, [block]);
    return html`
      <section class=${`segment ${segment.fresh ? 'segment-fresh' : ''}`} data-position=${segment.position}
        style=${{ containIntrinsicBlockSize: `auto ${estimatedHeight(segment)}px` }}>
        ${segment.source.map((block) => [
          block.id === noteAt && html`<${IssueNote} key="note" segment=${segment} whole=${whole} jobId=${jobId} />`,
          html`
            <${BlockView} key=${block.id} block=${block} translation=${translated.get(block.id)} tagged=${tagged}
              left=${left.includes(block.id)} marked=${!whole} from=${from} to=${to}
              onSave=${segment.status === 'again' ? undefined : save} />`,
        ])}
      </section>`;
  }
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

/** @param {Segment} segment */
function estimatedHeight({ source }) {
  const lines = source.reduce((sum, block) => sum + Math.ceil(block.text.length / CHARACTERS_A_LINE), 0);
  return lines * LINE_PX + source.length * PARAGRAPH_PX;
}
