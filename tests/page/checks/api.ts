// What the service says that it answers is what the page takes it for. There is
// nothing to run here: TestTypes has the compiler look at it.

import type { components } from '../../../docs/verso-api';
import type { Config } from '../../../pb_public/app/config.js';
import type { Job, Status } from '../../../pb_public/app/jobs/job.js';
import type { Effect } from '../../../pb_public/app/reader/brief.js';
import type { Segment } from '../../../pb_public/app/reader/segment-feed.js';
import type { Term } from '../../../pb_public/app/reader/terms.js';
import type { Quote } from '../../../pb_public/app/upload/quotes.js';

type Described = components['schemas'];

/** Says that what is given can stand where something is wanted. */
type Fits<Given extends Wanted, Wanted> = [Given, Wanted];

/** Fields that the page adds to what it is answered. */
type OwnOfJob = 'eta_at' | 'heard_at';
type OwnOfSegment = 'fresh' | 'awaited';

export type Held = [
  Fits<Described['Config'], Config>,
  Fits<Described['Quote'], Quote>,
  Fits<Described['BriefEffect'], Effect>,
  Fits<Described['Segment'], Omit<Segment, OwnOfSegment>>,
  Fits<Described['Term'], Term>,
  Fits<Term, Described['Term']>,

  // A job is read from records too, which write null as an empty text; so its fields
  // are held by their names, and those that both write alike by their types.
  Fits<Exclude<keyof Job, OwnOfJob>, keyof Described['Job']>,
  Fits<Described['JobStatus'], Status>,
  Fits<Status, Described['JobStatus']>,
  Fits<Pick<Described['Job'], 'segments_done' | 'quoted_cost_usd' | 'cost_usd' | 'eta_seconds'>, Partial<Job>>,
];
