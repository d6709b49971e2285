package translation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"verso/hooks/translation/lane"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func freshSegments(n int) []fresh {
	segments := make([]fresh, n)
	for i := range segments {
		segments[i] = fresh{position: i, bytes: 100}
	}
	return segments
}

// takeAll takes tasks until there is none to take.
func takeAll(s *schedule) []task {
	var taken []task
	for {
		t, ok, _ := s.next(noon)
		if !ok {
			return taken
		}
		taken = append(taken, t)
	}
}

// ready adds a job that is planned already.
func ready(s *schedule, id, owner string, segments int) {
	s.add(id, owner)
	s.jobs[id].plan(laneID{}, nil, 0, freshSegments(segments))
}

func count(tasks []task, job string) (n int) {
	for _, t := range tasks {
		if t.job == job {
			n++
		}
	}
	return n
}

func TestScheduleLifeOfAJob(t *testing.T) {
	s := newSchedule(8, 8, 2, newLanes(nil))
	s.add("j", "ada")
	plan := takeAll(s)
	if len(plan) != 1 || plan[0].kind != taskPlan {
		t.Fatalf("a new job begins with %v", plan)
	}
	s.jobs["j"].plan(laneID{}, nil, 0, freshSegments(2))
	if early := takeAll(s); len(early) != 0 {
		t.Fatalf("segments began before the plan was done: %v", early)
	}
	s.done(plan[0], noon)
	segments := takeAll(s)
	if len(segments) != 2 || segments[0].position != 0 || segments[1].position != 1 {
		t.Fatalf("got %v", segments)
	}
	s.done(segments[1], noon)
	if early := takeAll(s); len(early) != 0 {
		t.Fatalf("the build began before the last segment was done: %v", early)
	}
	s.done(segments[0], noon)
	build := takeAll(s)
	if len(build) != 1 || build[0].kind != taskBuild {
		t.Fatalf("got %v", build)
	}
	s.remove("j")
	s.done(build[0], noon)
	if len(s.owners) != 0 || len(s.jobs) != 0 || s.asking != 0 || s.heavies != 0 {
		t.Errorf("something is left: %+v", s)
	}
}

func TestScheduleIsFair(t *testing.T) {
	t.Run("between a library and a page", func(t *testing.T) {
		s := newSchedule(8, 8, 2, newLanes(nil))
		for i := range 100 {
			ready(s, fmt.Sprintf("library-%d", i), "ada", 50)
		}
		ready(s, "page", "bo", 50)
		if n := count(takeAll(s), "page"); n != 4 {
			t.Errorf("the page has %d of 8 slots, want half", n)
		}
	})
	t.Run("as slots come free", func(t *testing.T) {
		s := newSchedule(4, 4, 2, newLanes(nil))
		ready(s, "early", "ada", 100)
		flying := takeAll(s)
		ready(s, "late", "bo", 100)
		s.done(flying[0], noon)
		s.done(flying[1], noon)
		if next := takeAll(s); count(next, "late") != 2 {
			t.Errorf("the latecomer waits: %v", next)
		}
	})
	t.Run("in turns with one slot", func(t *testing.T) {
		s := newSchedule(1, 1, 1, newLanes(nil))
		for _, owner := range []string{"a", "b", "c"} {
			ready(s, owner, owner, 10)
		}
		served := map[string]int{}
		for range 9 {
			next, _, _ := s.next(noon)
			served[next.job]++
			s.done(next, noon)
		}
		if served["a"] != 3 || served["b"] != 3 || served["c"] != 3 {
			t.Errorf("served %v", served)
		}
	})
}

func TestScheduleLimits(t *testing.T) {
	s := newSchedule(20, 8, 2, newLanes(nil))
	ready(s, "one", "ada", 50)
	ready(s, "two", "ada", 50)
	for i := range 5 {
		s.add(fmt.Sprintf("unplanned-%d", i), "bo")
	}
	taken := takeAll(s)
	if len(taken) != 18 {
		t.Errorf("%d tasks in flight, want 16 segments and 2 plans", len(taken))
	}
	if n := count(taken, "one"); n != 8 {
		t.Errorf("%d segments of one job in flight, want 8", n)
	}
	heavy := 0
	for _, task := range taken {
		if task.kind == taskPlan {
			heavy++
		}
	}
	if heavy != 2 {
		t.Errorf("%d documents in memory, want 2", heavy)
	}
}

// TestSchedulePlansBesideFullEngine holds that a new document is planned while
// every place at the engine is taken.
func TestSchedulePlansBesideFullEngine(t *testing.T) {
	s := newSchedule(4, 4, 2, newLanes(nil))
	ready(s, "long", "ada", 50)
	takeAll(s)
	s.add("new", "bo")
	if next := takeAll(s); len(next) != 1 || next[0].kind != taskPlan {
		t.Errorf("got %v", next)
	}
}

func TestScheduleRest(t *testing.T) {
	s := newSchedule(4, 4, 2, newLanes(nil))
	ready(s, "j", "ada", 1)
	segment := takeAll(s)[0]
	s.rest(segment, noon.Add(time.Second))
	s.done(segment, noon)
	if early, ok, later := s.next(noon); ok || !later.Equal(noon.Add(time.Second)) {
		t.Fatalf("a resting job went on with %v, or is to be looked at again %s", early, later)
	}
	if again, ok, _ := s.next(noon.Add(time.Second)); !ok || again.kind != taskSegment || again.position != 0 {
		t.Errorf("got %v", again)
	}
}

// TestScheduleAgain holds the order of questions: further ones, then fresh
// segments, then those that the engine failed on; and none before its time.
func TestScheduleAgain(t *testing.T) {
	s := newSchedule(10, 10, 2, newLanes(nil))
	ready(s, "j", "ada", 5)
	taken := takeAll(s)[:4] // positions 0 to 3; 4 is fresh again below
	s.jobs["j"].fresh = freshSegments(5)[4:]
	s.putBack(taken[0], again{failing: true})
	s.putBack(taken[1], again{after: noon.Add(time.Minute)})
	s.putBack(taken[2], again{})
	var order []int
	for _, at := range []time.Time{noon, noon, noon, noon.Add(time.Minute)} {
		next, ok, _ := s.next(at)
		if !ok {
			t.Fatalf("nothing to do after %v", order)
		}
		order = append(order, next.position)
	}
	if want := []int{2, 4, 0, 1}; !slices.Equal(order, want) {
		t.Errorf("got %v, want %v", order, want)
	}
}

// TestScheduleLanes holds that limits count for the jobs of one lane together,
// and for no other lane.
func TestScheduleLanes(t *testing.T) {
	s := newSchedule(100, 100, 2, newLanes(map[string]lane.Limits{"limited": {Requests: 5}}))
	for i, id := range []laneID{{engine: "limited", key: "a"}, {engine: "limited", key: "a"}, {engine: "limited", key: "b"}, {engine: "free"}} {
		name := fmt.Sprint("job-", i)
		s.add(name, fmt.Sprint("owner-", i))
		s.jobs[name].plan(id, nil, 0, freshSegments(20))
	}
	taken := takeAll(s)
	if a, b, free := count(taken, "job-0")+count(taken, "job-1"), count(taken, "job-2"), count(taken, "job-3"); a != 5 || b != 5 || free != 20 {
		t.Errorf("%d, %d and %d requests went out, want 5, 5 and 20", a, b, free)
	}
	if n := count(taken, "job-0"); n < 2 || n > 3 {
		t.Errorf("one of two equal owners got %d of 5", n)
	}
	_, ok, later := s.next(noon.Add(time.Second))
	if ok || later.Before(noon.Add(time.Minute)) || later.After(noon.Add(62*time.Second)) {
		t.Errorf("the next may go at %s", later)
	}
	if _, ok, _ := s.next(later); !ok {
		t.Errorf("nothing goes when it may")
	}
}

// TestScheduleLargeIsNotOvertaken holds that small requests of one owner do not
// keep a large one of another waiting for ever.
func TestScheduleLargeIsNotOvertaken(t *testing.T) {
	id := laneID{engine: "limited"}
	s := newSchedule(100, 100, 2, newLanes(map[string]lane.Limits{"limited": {InputTokens: 1000}}))
	s.add("small", "ada")
	small := freshSegments(200)
	for i := range small {
		small[i].bytes = 240 // some 80 tokens
	}
	s.jobs["small"].plan(id, nil, 0, small)
	flying := takeAll(s)
	s.add("large", "bo")
	s.jobs["large"].plan(id, nil, 0, []fresh{{bytes: 2400}})
	for at := noon; at.Before(noon.Add(3 * time.Minute)); at = at.Add(time.Second) {
		for _, t := range flying {
			s.done(t, at)
		}
		flying = flying[:0]
		for next, ok, _ := s.next(at); ok; next, ok, _ = s.next(at) {
			if next.job == "large" {
				return
			}
			flying = append(flying, next)
		}
	}
	t.Error("the large request never went out")
}

// TestScheduleProperties drives random histories and holds, after every step,
// that no limit is passed, that nothing is handed out twice, and at the end
// that everything was handed out and nothing is left.
func TestScheduleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 10).Draw(t, "limit")
		jobLimit := rapid.IntRange(1, 5).Draw(t, "jobLimit")
		s := newSchedule(limit, jobLimit, 2, newLanes(nil))
		size := map[string]int{}
		seen := map[string]bool{}
		var flying []task
		finish := func(i int) {
			done := flying[i]
			flying = append(flying[:i], flying[i+1:]...)
			switch done.kind {
			case taskPlan:
				s.jobs[done.job].plan(laneID{}, nil, 0, freshSegments(size[done.job]))
			case taskBuild:
				s.remove(done.job)
			}
			s.done(done, noon)
		}
		take := func() bool {
			next, ok, _ := s.next(noon)
			if !ok {
				return false
			}
			key := fmt.Sprint(next.kind, next.job, next.position)
			if seen[key] {
				t.Fatalf("%s was handed out twice", key)
			}
			seen[key] = true
			flying = append(flying, next)
			perJob, heavy := 0, 0
			for _, f := range flying {
				if f.job == next.job {
					perJob++
				}
				if f.kind != taskSegment {
					heavy++
				}
			}
			if len(flying)-heavy > limit || perJob > jobLimit || heavy > 2 {
				t.Fatalf("%d in flight, %d of them heavy, %d of one job", len(flying), heavy, perJob)
			}
			return true
		}

		for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				id := fmt.Sprint("job-", i)
				size[id] = rapid.IntRange(0, 6).Draw(t, "segments")
				s.add(id, rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "owner"))
			case 1, 2:
				take()
			case 3:
				if len(flying) > 0 {
					finish(rapid.IntRange(0, len(flying)-1).Draw(t, "which"))
				}
			}
		}
		for len(flying) > 0 || take() {
			if len(flying) > 0 {
				finish(0)
			}
		}
		want := 0
		for _, segments := range size {
			want += segments + 2
		}
		if len(seen) != want || len(s.owners) != 0 || s.asking != 0 {
			t.Fatalf("%d of %d tasks were handed out; left %+v", len(seen), want, s)
		}
	})
}

// TestScheduleAnswered holds that a segment of which only the writing is left
// asks for nothing: it takes no place at the engine and goes into no lane.
func TestScheduleAnswered(t *testing.T) {
	closed := laneID{engine: "limited"}
	s := newSchedule(1, 1, 1, newLanes(map[string]lane.Limits{"limited": {Requests: 1}}))
	s.add("j", "ada")
	s.jobs["j"].plan(closed, nil, 0, freshSegments(2))
	first := takeAll(s)
	if len(first) != 1 {
		t.Fatalf("%d requests went out, want the one that a minute has", len(first))
	}
	s.replied(&first[0])
	first[0].answered = true
	s.rest(first[0], noon) // it could not be written
	s.done(first[0], noon)
	next := takeAll(s)
	if len(next) != 1 || !next[0].answered || next[0].position != 0 || s.asking != 0 {
		t.Errorf("got %v with %d requests in flight", next, s.asking)
	}
}

// TestScheduleReplied holds that a place at the engine is free as soon as the
// engine has replied, while what is looked at and written stays bounded.
func TestScheduleReplied(t *testing.T) {
	s := newSchedule(4, 2, 1, newLanes(nil))
	ready(s, "j", "ada", 50)
	for range 2 {
		taken := takeAll(s)
		if len(taken) != 2 {
			t.Fatalf("%d requests went out, want 2", len(taken))
		}
		for i := range taken {
			s.replied(&taken[i])
		}
	}
	if more := takeAll(s); len(more) != 0 {
		t.Errorf("%d more went out while four answers are not written", len(more))
	}
}
