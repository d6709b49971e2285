package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/pipeline"
)

func TestSettle(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	id := s.mustJob(t, 3)

	work, outcome := settled(id, 1)
	if err := s.ledger.settle(ctx, settlementOf(work, outcome)); err != nil {
		t.Fatal(err)
	}
	job := s.mustRead(t, id)
	if job.SegmentsDone() != 1 || job.Revision() != 1 || job.Progress() != 33 || job.InputTokens() != 3 || job.OutputTokens() != 4 || job.ThinkingTokens() != 5 {
		t.Errorf("after one segment: %v", job.FieldsData())
	}

	t.Run("a second time changes nothing", func(t *testing.T) {
		if err := s.ledger.settle(ctx, settlementOf(work, outcome)); !errors.Is(err, errStale) {
			t.Fatalf("got %v", err)
		}
		if job := s.mustRead(t, id); job.SegmentsDone() != 1 || job.InputTokens() != 3 || job.Revision() != 1 {
			t.Errorf("a refused settlement was counted: %v", job.FieldsData())
		}
	})
	t.Run("an issue is counted", func(t *testing.T) {
		work, outcome := settled(id, 0)
		outcome.Blocks, outcome.Untranslated, outcome.Issue = nil, 1, "why"
		if err := s.ledger.settle(ctx, settlementOf(work, outcome)); err != nil {
			t.Fatal(err)
		}
		if job := s.mustRead(t, id); job.IssuesCount() != 1 || job.SegmentsDone() != 2 {
			t.Errorf("got %v", job.FieldsData())
		}
	})
	t.Run("progress stays below 100 until the file is there", func(t *testing.T) {
		work, outcome := settled(id, 2)
		if err := s.ledger.settle(ctx, settlementOf(work, outcome)); err != nil {
			t.Fatal(err)
		}
		if job := s.mustRead(t, id); job.Progress() != 99 || job.Status() != records.StatusProcessing {
			t.Errorf("got %v", job.FieldsData())
		}
		if err := s.ledger.complete(ctx, id, "output.txt", 0, 0); err != nil {
			t.Fatal(err)
		}
		if job := s.mustRead(t, id); job.Progress() != 100 || job.Status() != records.StatusCompleted || job.CompletedAt().IsZero() {
			t.Errorf("got %v", job.FieldsData())
		}
	})
	t.Run("the key is gone with the end", func(t *testing.T) {
		if sealed, err := s.ledger.sealedKey(ctx, id); err != nil || sealed != "" {
			t.Errorf("got %q, %v", sealed, err)
		}
	})
}

// TestStaleSteps holds that a step that comes too late changes nothing.
func TestStaleSteps(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name  string
		state func(*ledger, string) error
		step  func(*ledger, string) error
	}{
		{"settling for a cancelled job",
			func(l *ledger, id string) error { return l.move(ctx, id, cancel(), nil) },
			func(l *ledger, id string) error { w, o := settled(id, 0); return l.settle(ctx, settlementOf(w, o)) }},
		{"planning twice",
			func(*ledger, string) error { return nil },
			func(l *ledger, id string) error { return l.plan(ctx, id, make([]pipeline.Segment, 2)) }},
		{"completing a failed job",
			func(l *ledger, id string) error { return l.fail(ctx, id, "no") },
			func(l *ledger, id string) error { return l.complete(ctx, id, "output.txt", 0, 0) }},
		{"completing a job of which something is not settled",
			func(l *ledger, id string) error { w, o := settled(id, 0); return l.settle(ctx, settlementOf(w, o)) },
			func(l *ledger, id string) error { return l.complete(ctx, id, "output.txt", 0, 0) }},
		{"beginning a finished job",
			func(l *ledger, id string) error { return l.fail(ctx, id, "no") },
			func(l *ledger, id string) error { return l.begin(ctx, id) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSetup(t)
			id := s.mustJob(t, 2)
			if err := test.state(s.ledger, id); err != nil {
				t.Fatal(err)
			}
			before := fmt.Sprint(s.mustRead(t, id).FieldsData())
			if err := test.step(s.ledger, id); !errors.Is(err, errStale) {
				t.Errorf("got %v", err)
			}
			if after := fmt.Sprint(s.mustRead(t, id).FieldsData()); before != after {
				t.Errorf("changed\nfrom %s\n  to %s", before, after)
			}
		})
	}
}

// TestBeginningTwice plans a job once more: it has begun only once.
func TestBeginningTwice(t *testing.T) {
	s := newSetup(t)
	id := s.mustJob(t, 2) // PROCESSING
	if err := errors.Join(s.ledger.pause(t.Context(), id, records.PausedByUser, time.Time{}), s.ledger.resume(t.Context(), id, renewal{})); err != nil {
		t.Fatal(err)
	}
	var turns []records.Status
	s.ledger.turned = func(turn turn) { turns = append(turns, turn.status) }
	for range 2 {
		if err := s.ledger.begin(context.Background(), id); err != nil {
			t.Fatal(err)
		}
	}
	if want := []records.Status{records.StatusProcessing}; !slices.Equal(turns, want) {
		t.Errorf("turns %v, want %v", turns, want)
	}
}

// TestStatementsPerSettledSegment counts what the hot path asks the database.
// One more statement a segment is a decision, not an accident.
func TestStatementsPerSettledSegment(t *testing.T) {
	s := newSetup(t)
	id := s.mustJob(t, 2)
	var statements atomic.Int32
	writer, ok := s.app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		t.Fatal("the writer is no database")
	}
	reader := s.app.ConcurrentDB().(*dbx.DB)
	count := func(statement string) {
		statements.Add(1)
		t.Log(strings.Join(strings.Fields(statement), " "))
	}
	exec := func(_ context.Context, _ time.Duration, statement string, _ sql.Result, _ error) { count(statement) }
	query := func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) { count(statement) }
	writer.ExecLogFunc, writer.QueryLogFunc, reader.ExecLogFunc, reader.QueryLogFunc = exec, query, exec, query

	if _, err := s.ledger.segment(context.Background(), id, 1); err != nil {
		t.Fatal(err)
	}
	work, outcome := settled(id, 1)
	if err := s.ledger.settle(context.Background(), settlementOf(work, outcome)); err != nil {
		t.Fatal(err)
	}
	if n := statements.Load(); n != 3 {
		t.Errorf("a segment took %d statements, want 3: read it, count it, write it", n)
	}
}

// TestAllocationsPerSettledSegment bounds what settling allocates; the number
// is what was measured, with a little room.
func TestAllocationsPerSettledSegment(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates on its own account")
	}
	s := newSetup(t)
	const runs = 200
	id := s.mustJob(t, runs+1)
	position := 0
	allocations := testing.AllocsPerRun(runs, func() {
		work, outcome := settled(id, position)
		position++
		if err := s.ledger.settle(context.Background(), settlementOf(work, outcome)); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%.0f allocations per settled segment", allocations)
	if allocations > 120 {
		t.Errorf("%.0f allocations per settled segment, want at most 120", allocations)
	}
}

func TestCreate(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	job := func(id, key string) newJob {
		return newJob{ID: id, OwnerID: s.owner.Id, Filename: "a.txt", Source: "source.txt", TargetLanguage: "fr",
			Engine: "pseudo", Model: "pseudo", SegmentSize: 500, IdempotencyKey: key, Fingerprint: "f"}
	}
	if err := s.ledger.create(ctx, job("aaaaaaaaaaaaaaa", "k"), 2); err != nil {
		t.Fatal(err)
	}
	t.Run("the same idempotency key", func(t *testing.T) {
		if err := s.ledger.create(ctx, job("bbbbbbbbbbbbbbb", "k"), 2); !errors.Is(err, errIdempotencyUsed) {
			t.Errorf("got %v", err)
		}
		found, err := s.ledger.findClaimed(ctx, s.owner.Id, "k")
		if err != nil || found.JobID != "aaaaaaaaaaaaaaa" || found.Fingerprint != "f" {
			t.Errorf("found %+v, %v", found, err)
		}
	})
	t.Run("another's idempotency key is his own", func(t *testing.T) {
		other := job("ccccccccccccccc", "k")
		other.OwnerID = mustUser(t, s.app, "user_bo").Id
		if err := s.ledger.create(ctx, other, 2); err != nil {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an idempotency key is forgotten after a day", func(t *testing.T) {
		_, err := s.app.NonconcurrentDB().NewQuery(`UPDATE idempotency_keys SET created_at = '2020-01-01 00:00:00.000Z' WHERE owner = {:o}`).
			Bind(dbx.Params{"o": s.owner.Id}).Execute()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ledger.findClaimed(ctx, s.owner.Id, "k"); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("got %v", err)
		}
		if err := s.ledger.create(ctx, job("ddddddddddddddd", "k"), 2); err != nil {
			t.Errorf("got %v", err)
		}
	})
	t.Run("too many unfinished jobs", func(t *testing.T) {
		if err := s.ledger.create(ctx, job("eeeeeeeeeeeeeee", ""), 2); !errors.Is(err, errTooManyJobs) {
			t.Errorf("got %v", err)
		}
		if _, err := s.ledger.job(ctx, "eeeeeeeeeeeeeee"); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("a refused job was written: %v", err)
		}
	})
}

func TestUnsettled(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	running, paused, done := s.mustJob(t, 1), s.mustJob(t, 1), s.mustJob(t, 1)
	if err := errors.Join(s.ledger.pause(ctx, paused, records.PausedByUser, time.Time{}), s.ledger.fail(ctx, done, "no")); err != nil {
		t.Fatal(err)
	}
	refs, err := s.ledger.unsettled(ctx)
	if err != nil || len(refs) != 1 || refs[0].ID != running || refs[0].OwnerID != s.owner.Id {
		t.Errorf("got %v, %v", refs, err)
	}
}

// TestUnplaced holds that a translation which the document could not take in is
// an issue, and that a person's own stays.
func TestUnplaced(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	id := s.mustJob(t, 3)
	for position := range 3 {
		work, outcome := settled(id, position)
		if err := s.ledger.settle(ctx, settlementOf(work, outcome)); err != nil {
			t.Fatal(err)
		}
	}
	mine := func([]pipeline.Block) error { return nil }
	if _, err := s.ledger.correct(ctx, id, 2, map[string]string{"b3": "Mine."}, mine); err != nil {
		t.Fatal(err)
	}
	before := s.mustRead(t, id)
	changed, err := s.ledger.unplaced(ctx, id, []string{"b1", "b3"})
	if err != nil || changed != 1 {
		t.Fatalf("%d changed, %v", changed, err)
	}
	after := s.mustRead(t, id)
	if after.IssuesCount() != 1 || after.Revision() != before.Revision()+1 {
		t.Errorf("%d issues at revision %d after %d", after.IssuesCount(), after.Revision(), before.Revision())
	}
	if issue, err := s.ledger.firstIssue(ctx, id); err != nil || !strings.HasSuffix(issue, "cannot be written in the document's markup: b1.") {
		t.Errorf("the issue is %q, %v", issue, err)
	}
}
