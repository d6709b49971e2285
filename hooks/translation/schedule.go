package translation

import "slices"

// taskKind is what there is to do for a job.
type taskKind int

const (
	taskPlan    taskKind = iota + 1 // parse the document and write its segments
	taskSegment                     // translate one segment
	taskBuild                       // write the output
)

// task is one thing to do.
type task struct {
	kind     taskKind
	job      string
	position int // of the segment
	queue    *jobQueue
}

// schedule decides what is done next: fairly between owners, within the limits
// of the process and of each job. It is plain data without I/O, goroutines or
// locks; the runner guards it.
//
// The owner with the fewest tasks in flight is next, and among equals the one
// who was served longest ago, so that a person with one page does not wait
// behind a person with a library. An owner's own jobs go in the order in which
// they were uploaded; a later one starts when the earlier ones leave slots free.
type schedule struct {
	limit    int // segments in flight
	jobLimit int // segments of one job in flight
	heavy    int // plans and builds in flight, which hold a whole document

	inFlight int // segments
	heavies  int // plans and builds, which wait for no engine and so for no segment
	turn     int
	owners   map[string]*ownerQueue
	jobs     map[string]*jobQueue
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
	heavy    bool  // a plan or a build is in flight
	pending  []int // positions, ascending
	inFlight int
	resting  int // tasks that wait to be tried again
}

func newSchedule(limit, jobLimit, heavy int) *schedule {
	return &schedule{
		limit: limit, jobLimit: jobLimit, heavy: heavy,
		owners: map[string]*ownerQueue{},
		jobs:   map[string]*jobQueue{},
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

// next takes a task, or reports that there is none to do at the moment.
func (s *schedule) next() (task, bool) {
	if s.inFlight >= s.limit && s.heavies >= s.heavy {
		return task{}, false
	}
	var (
		best    *ownerQueue
		bestJob *jobQueue
	)
	for _, owner := range s.owners {
		if best != nil && !owner.before(best) {
			continue
		}
		if job := s.runnable(owner); job != nil {
			best, bestJob = owner, job
		}
	}
	if best == nil {
		return task{}, false
	}
	s.turn++
	best.served = s.turn
	return s.take(best, bestJob), true
}

// before reports whether an owner's turn comes before another's.
func (o *ownerQueue) before(other *ownerQueue) bool {
	if o.inFlight != other.inFlight {
		return o.inFlight < other.inFlight
	}
	return o.served < other.served
}

// runnable returns the owner's first job that something can be done for now.
func (s *schedule) runnable(owner *ownerQueue) *jobQueue {
	for _, job := range owner.jobs {
		switch {
		case job.heavy || job.resting > 0:
		case job.planned && len(job.pending) > 0:
			if job.inFlight < s.jobLimit && s.inFlight < s.limit {
				return job
			}
		case job.planned && job.inFlight > 0:
			// The last segments are on their way; then it is to be built.
		case s.heavies < s.heavy:
			return job
		}
	}
	return nil
}

func (s *schedule) take(owner *ownerQueue, job *jobQueue) task {
	owner.inFlight++
	job.inFlight++
	if !job.planned || len(job.pending) == 0 {
		s.heavies++
		job.heavy = true
		kind := taskBuild
		if !job.planned {
			kind = taskPlan
		}
		return task{kind: kind, job: job.id, queue: job}
	}
	s.inFlight++
	position := job.pending[0]
	job.pending = job.pending[1:]
	return task{kind: taskSegment, job: job.id, position: position, queue: job}
}

// planned says which segments of a job are to be done.
func (s *schedule) planned(id string, pending []int) {
	if job := s.jobs[id]; job != nil {
		job.planned = true
		job.pending = pending
	}
}

// suspend marks a task that failed for a reason of the server's own: its job
// rests until resume. The task itself is still to be reported to done.
func (s *schedule) suspend(t task) { t.queue.resting++ }

// resume puts a suspended task back in its place.
func (s *schedule) resume(t task) {
	t.queue.resting--
	if t.kind == taskSegment {
		t.queue.pending = slices.Insert(t.queue.pending, 0, t.position)
	}
}

// done gives a task's slot back.
func (s *schedule) done(t task) {
	t.queue.inFlight--
	if t.kind == taskSegment {
		s.inFlight--
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
