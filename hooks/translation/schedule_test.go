package translation

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// takeAll takes tasks until there is none to take.
func takeAll(s *schedule) []task {
	var taken []task
	for {
		t, ok := s.next()
		if !ok {
			return taken
		}
		taken = append(taken, t)
	}
}

// ready adds a job that is planned already.
func ready(s *schedule, id, owner string, segments int) {
	s.add(id, owner)
	positions := make([]int, segments)
	for i := range positions {
		positions[i] = i
	}
	s.planned(id, positions)
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
	s := newSchedule(8, 8, 2)
	s.add("j", "ada")
	plan := takeAll(s)
	if len(plan) != 1 || plan[0].kind != taskPlan {
		t.Fatalf("a new job begins with %v", plan)
	}
	s.planned("j", []int{0, 1})
	if early := takeAll(s); len(early) != 0 {
		t.Fatalf("segments began before the plan was done: %v", early)
	}
	s.done(plan[0])
	segments := takeAll(s)
	if len(segments) != 2 || segments[0].position != 0 || segments[1].position != 1 {
		t.Fatalf("got %v", segments)
	}
	s.done(segments[1])
	if early := takeAll(s); len(early) != 0 {
		t.Fatalf("the build began before the last segment was done: %v", early)
	}
	s.done(segments[0])
	build := takeAll(s)
	if len(build) != 1 || build[0].kind != taskBuild {
		t.Fatalf("got %v", build)
	}
	s.remove("j")
	s.done(build[0])
	if len(s.owners) != 0 || len(s.jobs) != 0 || s.inFlight != 0 || s.heavies != 0 {
		t.Errorf("something is left: %+v", s)
	}
}

func TestScheduleIsFair(t *testing.T) {
	t.Run("between a library and a page", func(t *testing.T) {
		s := newSchedule(8, 8, 2)
		for i := range 100 {
			ready(s, fmt.Sprintf("library-%d", i), "ada", 50)
		}
		ready(s, "page", "bo", 50)
		if n := count(takeAll(s), "page"); n != 4 {
			t.Errorf("the page has %d of 8 slots, want half", n)
		}
	})
	t.Run("as slots come free", func(t *testing.T) {
		s := newSchedule(4, 4, 2)
		ready(s, "early", "ada", 100)
		flying := takeAll(s)
		ready(s, "late", "bo", 100)
		s.done(flying[0])
		s.done(flying[1])
		if next := takeAll(s); count(next, "late") != 2 {
			t.Errorf("the latecomer waits: %v", next)
		}
	})
	t.Run("in turns with one slot", func(t *testing.T) {
		s := newSchedule(1, 1, 1)
		for _, owner := range []string{"a", "b", "c"} {
			ready(s, owner, owner, 10)
		}
		served := map[string]int{}
		for range 9 {
			next, _ := s.next()
			served[next.job]++
			s.done(next)
		}
		if served["a"] != 3 || served["b"] != 3 || served["c"] != 3 {
			t.Errorf("served %v", served)
		}
	})
}

func TestScheduleLimits(t *testing.T) {
	s := newSchedule(20, 8, 2)
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
	s := newSchedule(4, 4, 2)
	ready(s, "long", "ada", 50)
	takeAll(s)
	s.add("new", "bo")
	if next := takeAll(s); len(next) != 1 || next[0].kind != taskPlan {
		t.Errorf("got %v", next)
	}
}

func TestScheduleRest(t *testing.T) {
	s := newSchedule(4, 4, 2)
	ready(s, "j", "ada", 1)
	segment := takeAll(s)[0]
	s.suspend(segment)
	s.done(segment)
	if early := takeAll(s); len(early) != 0 {
		t.Fatalf("a resting job went on with %v", early)
	}
	s.resume(segment)
	if again := takeAll(s); len(again) != 1 || again[0].kind != taskSegment || again[0].position != 0 {
		t.Errorf("got %v", again)
	}
}

// TestScheduleProperties drives random histories and holds, after every step,
// that no limit is passed, that nothing is handed out twice, and at the end
// that everything was handed out and nothing is left.
func TestScheduleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 10).Draw(t, "limit")
		jobLimit := rapid.IntRange(1, 5).Draw(t, "jobLimit")
		s := newSchedule(limit, jobLimit, 2)
		size := map[string]int{}
		seen := map[string]bool{}
		var flying []task
		finish := func(i int) {
			done := flying[i]
			flying = append(flying[:i], flying[i+1:]...)
			switch done.kind {
			case taskPlan:
				positions := make([]int, size[done.job])
				for p := range positions {
					positions[p] = p
				}
				s.planned(done.job, positions)
			case taskBuild:
				s.remove(done.job)
			}
			s.done(done)
		}
		take := func() bool {
			next, ok := s.next()
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
		if len(seen) != want || len(s.owners) != 0 || s.inFlight != 0 {
			t.Fatalf("%d of %d tasks were handed out; left %+v", len(seen), want, s)
		}
	})
}
