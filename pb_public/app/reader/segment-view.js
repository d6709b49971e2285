import { Component, html } from '../preact.js';
import { words } from '../words/words.js';
import { BlockView } from './block-view.js';
import { IssueNote } from './issue-note.js';

/**
 * @typedef {import('./segment-feed.js').Segment} Segment
 * @typedef {import('./segment-feed.js').Block} Block
 * @typedef {{ lang: string | undefined, dir: string }} Script
 */

/** Rough, for a scroll bar that does not jump; what a line is high, the stylesheet knows. */
const CHARACTERS_A_LINE = 58;

/**
 * One segment, block beside block. It is drawn again only when its content is
 * another: a book has thousands of these.
 * @extends {Component<{
 *   segment: Segment, from: Script, to: Script, tagged: boolean, jobId: string, locale: string, only?: Set<string>,
 *   onCorrect: (position: number, blocks: Block[]) => Promise<void>,
 * }>} only: the ids of what is shown of it, else all
 */
export class SegmentView extends Component {
  /** @param {{ segment: Segment, from: Script, to: Script, locale: string, only?: Set<string> }} next */
  shouldComponentUpdate(next) {
    const { segment, from, to, locale, only } = this.props;
    return next.segment !== segment || next.from !== from || next.to !== to || next.locale !== locale || next.only !== only;
  }

  render() {
    const { segment, from, to, tagged, jobId, only, onCorrect } = this.props;
    const { status, position, source } = segment;
    const translated = new Map(segment.translation.map((block) => [block.id, block.text]));
    const settled = status === 'done' || status === 'renewed';
    const left = settled ? [] : leftInTheOriginal(segment);
    // The reason stands where the reader meets what it is about.
    const noteAt = settled ? undefined : left[0] ?? source[0]?.id;
    const whole = left.length === source.length;
    const shown = only ? source.filter(({ id }) => only.has(id)) : source;
    const save = (/** @type {Block} */ block) => onCorrect(position, [block]);
    const lines = shown.reduce((sum, block) => sum + Math.ceil(block.text.length / CHARACTERS_A_LINE), 0);
    return html`
      <section class=${`segment ${segment.fresh ? 'segment-fresh' : ''}`} data-position=${position}
        style=${{ containIntrinsicBlockSize: `auto calc(${lines} * var(--line) + ${shown.length} * 20px)` }}>
        ${only && html`<p key="name" class="section-name">${words.reader.section(position + 1)}</p>`}
        ${shown.map((block) => [
          block.id === noteAt && html`<${IssueNote} key="note" segment=${segment} whole=${whole} jobId=${jobId} />`,
          html`
            <${BlockView} key=${block.id} block=${block} translation=${translated.get(block.id)} tagged=${tagged}
              left=${left.includes(block.id)} marked=${!whole} from=${from} to=${to}
              renewedOf=${status === 'renewed' && (segment.awaited?.has(block.id) ?? true) ? jobId : ''}
              onSave=${status === 'again' || status === 'renewed' ? undefined : save} />`,
        ])}
      </section>`;
  }
}

/**
 * What is still to come between two segments or after the last.
 * @param {{ first: number, last: number, ended: boolean }} props positions, from 0
 */
export function Gap({ first, last, ended }) {
  const w = words.reader;
  return html`
    <div class="block">
      <p class="gap" data-testid="reader-gap">${ended ? w.notTranslated(first + 1, last + 1) : w.toCome(first + 1, last + 1)}</p>
    </div>`;
}

/**
 * The ids of what has no translation, or none but itself.
 * @param {Segment} segment
 */
export function leftInTheOriginal({ source, translation }) {
  const translated = new Map(translation.map((block) => [block.id, block.text]));
  const missing = source.filter((block) => !translated.has(block.id));
  const left = missing.length ? missing : source.filter((block) => translated.get(block.id) === block.text);
  return left.map((block) => block.id);
}
