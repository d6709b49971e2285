package translation

import (
	"slices"
	"time"

	"verso/hooks/translation/lane"
)

// taskKind is what there is to do for a job.
type taskKind int

const (
	taskPlan    taskKind = iota + 1 // parse the document and write its segments
	taskSegment                     // put one segment's next question to the engine
	taskBuild                       // write the output
)

// task is one thing to do.
type task struct {
	kind  taskKind
	job   string
	queue *jobQueue

	// Of a segment:

	position int
	bytes    int // of the question, about
	lane     laneID
	ticket   lane.Ticket
	replied  bool   // the request has ended, or there is none, and its place was given back
	answered bool   // nothing is to be asked any more, only what became of it to be written
	lost     bool   // the question is not to be put: it would have to wait too long
	held     hold   // of the purses
	broke    *purse // the question is not to be put: this one cannot pay for it
	// What its question was when it was taken.
	failing, optional bool
}

// schedule decides what is done next: fairly between owners, within the limits
// of the process, of each job, and of each lane, which is a model with a key. It
// is plain data without I/O, goroutines or locks; the runner guards it.
//
// The owner with the fewest tasks in flight is next, and among equals the one
// who was served longest ago, so that a person with one page does not wait
// behind a person with a library. An owner's own jobs go in the order in which
// they were uploaded; a later one starts when the earlier ones leave slots free.
// A segment that its lane holds back holds back what comes after it on the same
// lane, so that small ones do not overtake a large one for ever.
type schedule struct {
	limit    int // requests in flight
	jobLimit int // requests of one job in flight
	heavy    int // plans and builds in flight, which hold a whole document

	asking   int // requests in flight
	segments int // tasks with a segment: being asked for, looked at, or written
	heavies  int // plans and builds, which wait for no engine and so for no segment
	turn     int
	owners   map[string]*ownerQueue
	jobs     map[string]*jobQueue
	lanes    *lanes

	order []*ownerQueue   // of the last round, kept for its memory
	held  map[laneID]bool // lanes that hold something back in this round
}

type ownerQueue struct {
	jobs     []*jobQueue
	inFlight int
	served   int // the turn in which a task was taken last
}

type jobQueue struct {
	id       string
	owner    string
	planned  bool
	heavy    bool      // a plan or a build is in flight
	lane     laneID    // of its first questions
	overhead int       // bytes of a question beside the segment's own
	fresh    []fresh   // segments that have not been asked for, by position
	again    []again   // segments with a further question
	purses   *purses   // what its questions are paid from; nil where nothing bounds it
	asking   int       // requests in flight
	inFlight int       // tasks
	rests    time.Time // until when nothing of it is done
}

// fresh is a segment that has not been asked for.
type fresh struct {
	position, bytes int
}

// again is a segment with a further question.
type again struct {
	position int
	bytes    int // of the question
	lane     laneID
	after    time.Time
	failing  bool // the engine failed on it the last time: others go before it
	optional bool // lost if it would have to wait long
	answered bool // nothing is to be asked any more, only what became of it to be written
}

// patience is how long an optional question waits for its lane.
const patience = time.Minute

func newSchedule(limit, jobLimit, heavy int, lanes *lanes) *schedule {
	return &schedule{
		limit: limit, jobLimit: jobLimit, heavy: heavy,
		owners: map[string]*ownerQueue{},
		jobs:   map[string]*jobQueue{},
		lanes:  lanes,
		held:   map[laneID]bool{},
	}
}

// add takes a job in, to be planned first. A job that is known already stays
// as it is.
func (s *schedule) add(id, owner string) {
	if s.jobs[id] != nil {
		return
	}
	job := &jobQueue{id: id, owner: owner}
	s.jobs[id] = job
	if s.owners[owner] == nil {
		s.owners[owner] = &ownerQueue{}
	}
	s.owners[owner].jobs = append(s.owners[owner].jobs, job)
}

// remove takes a job out. What is in flight for it is still to be reported to
// done.
func (s *schedule) remove(id string) {
	job := s.jobs[id]
	if job == nil {
		return
	}
	delete(s.jobs, id)
	owner := s.owners[job.owner]
	owner.jobs = slices.DeleteFunc(owner.jobs, func(j *jobQueue) bool { return j == job })
	s.forgetIdle(job.owner)
}

// next takes a task. Where there is none to do at the moment it returns the
// time at which there may be one, or the zero time where that depends on a task
// in flight or on something new.
func (s *schedule) next(now time.Time) (t task, ok bool, later time.Time) {
	if s.asking >= s.limit && s.heavies >= s.heavy {
		return task{}, false, time.Time{}
	}
	s.order = s.order[:0]
	for _, owner := range s.owners {
		s.order = append(s.order, owner)
	}
	slices.SortFunc(s.order, (*ownerQueue).compare)
	clear(s.held)
	for _, owner := range s.order {
		for _, job := range owner.jobs {
			t, at := s.take(job, now)
			if t.kind != 0 {
				s.turn++
				owner.served = s.turn
				owner.inFlight++
				job.inFlight++
				if t.kind == taskSegment {
					s.segments++
				}
				return t, true, time.Time{}
			}
			later = sooner(later, at)
		}
	}
	return task{}, false, later
}

// compare puts the owner first whose turn it is.
func (o *ownerQueue) compare(other *ownerQueue) int {
	if o.inFlight != other.inFlight {
		return o.inFlight - other.inFlight
	}
	return o.served - other.served
}

// take takes a task of the job that can be done now, or returns when there may
// be one.
func (s *schedule) take(job *jobQueue, now time.Time) (t task, later time.Time) {
	switch {
	case job.heavy:
		return task{}, time.Time{}
	case job.rests.After(now):
		return task{}, job.rests
	case job.planned && job.asks():
		// As many again may be looked at and written, and no more: where that is
		// slower than the engine, the engine waits.
		if job.asking < s.jobLimit && s.asking < s.limit && job.inFlight < 2*s.jobLimit && s.segments < 2*s.limit {
			return s.takeSegment(job, now)
		}
		return task{}, time.Time{}
	case job.planned && job.inFlight > 0:
		// The last segments are on their way; then it is to be built.
		return task{}, time.Time{}
	case s.heavies >= s.heavy:
		return task{}, time.Time{}
	}
	s.heavies++
	job.heavy = true
	kind := taskBuild
	if !job.planned {
		kind = taskPlan
	}
	return task{kind: kind, job: job.id, queue: job}, time.Time{}
}

// takeSegment takes a question that may be put now: first further ones, then
// those of fresh segments, and last those that the engine failed on.
func (s *schedule) takeSegment(job *jobQueue, now time.Time) (t task, later time.Time) {
	if t, later = s.takeAgain(job, now, false); t.kind != 0 {
		return t, time.Time{}
	}
	if len(job.fresh) > 0 {
		first := job.fresh[0]
		t, at := s.admit(job, again{position: first.position, bytes: first.bytes + job.overhead, lane: job.lane}, now)
		if t.kind != 0 {
			job.fresh = job.fresh[1:]
			return t, time.Time{}
		}
		later = sooner(later, at)
	}
	t, at := s.takeAgain(job, now, true)
	return t, sooner(later, at)
}

// takeAgain takes a further question that may be put now.
func (s *schedule) takeAgain(job *jobQueue, now time.Time, failing bool) (t task, later time.Time) {
	for i, question := range job.again {
		if question.failing != failing {
			continue
		}
		at := question.after
		if !at.After(now) {
			if t, at = s.admit(job, question, now); t.kind != 0 {
				job.again = slices.Delete(job.again, i, i+1)
				return t, time.Time{}
			}
		}
		later = sooner(later, at)
	}
	return task{}, later
}

// admit lets a question into its lane, or returns when it may come again; the
// zero time where that depends on an answer.
func (s *schedule) admit(job *jobQueue, question again, now time.Time) (t task, later time.Time) {
	t = task{
		kind: taskSegment, job: job.id, queue: job,
		position: question.position, bytes: question.bytes, lane: question.lane,
		failing: question.failing, optional: question.optional,
	}
	if question.answered {
		t.replied, t.answered = true, true
		return t, time.Time{}
	}
	if s.held[question.lane] && !question.optional {
		return task{}, time.Time{}
	}
	l := s.lanes.of(question.lane)
	tokens := l.Estimate(question.bytes)
	at, ok := l.Opens(now, tokens)
	switch {
	case ok && !at.After(now) && !s.held[question.lane]:
		held, affordable, wait, empty := job.purses.reserve(now, question.lane.model, question.bytes)
		switch {
		case affordable:
			t.held = held
		case question.optional:
			t.replied, t.lost = true, true
			return t, time.Time{}
		case wait:
			return task{}, time.Time{} // what is in flight may cost less than it can
		default:
			t.replied, t.broke = true, empty
			return t, time.Time{}
		}
		s.asking++
		job.asking++
		t.ticket = l.Begin(now, tokens)
		return t, time.Time{}
	case ok && question.optional && at.After(now.Add(patience)):
		t.replied, t.lost = true, true
		return t, time.Time{}
	}
	s.held[question.lane] = true
	return task{}, at
}

// plan says which segments of a job are to be asked for, on which lane, from which
// purses, and how many bytes a question has beside the segment's own. It is the
// queue's, not its job's: another may have come in its place meanwhile.
func (j *jobQueue) plan(lane laneID, purses *purses, overhead int, segments []fresh) {
	j.planned, j.lane, j.purses, j.overhead, j.fresh = true, lane, purses, overhead, segments
}

// replan lets a job be planned once more, when its task has ended.
func (s *schedule) replan(t task) { t.queue.planned = false }

// asks reports whether a job has questions to put.
func (j *jobQueue) asks() bool { return len(j.fresh)+len(j.again) > 0 }

// putBack puts a segment's further question into its job's queue. Its task is
// still to be reported to done.
func (s *schedule) putBack(t task, question again) {
	question.position = t.position
	t.queue.again = append(t.queue.again, question)
}

// rest puts a task back that failed for a reason of the server's own, and lets
// its whole job rest. The task is still to be reported to done.
func (s *schedule) rest(t task, until time.Time) {
	t.queue.rests = until
	if t.kind == taskSegment {
		s.putBack(t, again{lane: t.lane, bytes: t.bytes, answered: t.answered, failing: t.failing, optional: t.optional})
	}
}

// replied gives the place of a request back that has ended. Its lane is told by
// the caller.
func (s *schedule) replied(t *task) {
	t.replied = true
	t.held.release()
	t.held = hold{}
	s.asking--
	t.queue.asking--
}

// done ends a task.
func (s *schedule) done(t task, now time.Time) {
	t.queue.inFlight--
	if t.kind == taskSegment {
		s.segments--
		if !t.replied { // no request was made
			s.replied(&t)
			s.lanes.of(t.lane).Dropped(now, t.ticket)
		}
	} else {
		s.heavies--
		t.queue.heavy = false
	}
	s.owners[t.queue.owner].inFlight--
	s.forgetIdle(t.queue.owner)
}

func (s *schedule) forgetIdle(id string) {
	if owner := s.owners[id]; owner != nil && len(owner.jobs) == 0 && owner.inFlight == 0 {
		delete(s.owners, id)
	}
}

// sooner returns the earlier of two times of which zero means never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
