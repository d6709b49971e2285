package translation

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// statements returns what something asks of an app's database.
func (s *setup) statements(t *testing.T, do func()) []string {
	t.Helper()
	var mu sync.Mutex
	var made []string
	reader, ok := s.app.ConcurrentDB().(*dbx.DB)
	writer, alsoOK := s.app.NonconcurrentDB().(*dbx.DB)
	if !ok || !alsoOK {
		t.Fatal("the database is not dbx's")
	}
	note := func(statement string) {
		mu.Lock()
		defer mu.Unlock()
		made = append(made, strings.Join(strings.Fields(statement), " "))
	}
	query := func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) { note(statement) }
	exec := func(_ context.Context, _ time.Duration, statement string, _ sql.Result, _ error) { note(statement) }
	reader.QueryLogFunc, writer.QueryLogFunc, reader.ExecLogFunc, writer.ExecLogFunc = query, query, exec, exec
	defer func() {
		reader.QueryLogFunc, writer.QueryLogFunc, reader.ExecLogFunc, writer.ExecLogFunc = nil, nil, nil, nil
	}()
	do()
	return made
}

// TestStatementsPerSegment holds what a segment asks of the database: two queries
// before it is asked for, one of the memory and one of the segment, and at its end
// a transaction of two statements, with one more each for its owner's month and
// memory. All of them find their rows by an index.
func TestStatementsPerSegment(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	id := s.mustJob(t, 3)
	order := ordered(t, s, nil)
	memory := order.memory()
	var stored storedSegment
	var err error
	before := s.statements(t, func() {
		stored, err = s.ledger.segment(ctx, id, 1)
		if err == nil {
			_, err = s.ledger.recall(ctx, memory, stored.blocks)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(before) != 2 {
		t.Errorf("before it is asked for: %d queries\n%s", len(before), strings.Join(before, "\n"))
	}

	work, outcome := settled(id, 1)
	free := settlementOf(work, outcome)
	paid := free
	paid.work.Position = 2
	paid.outcome.Blocks = []engine.Block{{ID: stored.blocks[0].ID, Text: "Une baleine."}}
	paid.cost.month, paid.cost.owner = "2026-11", s.owner.Id
	paid.cost.cost = new(engine.USD(5))
	paid.learnt = memory.lesson(stored, paid.outcome)
	for _, test := range []struct {
		name       string
		settlement settlement
		want       int
	}{{"a free one", free, 2}, {"one that is paid for and remembered", paid, 4}} {
		made := s.statements(t, func() { err = s.ledger.settle(ctx, test.settlement) })
		if err != nil {
			t.Fatal(err)
		}
		if len(made) != test.want {
			t.Errorf("the end of %s: %d statements, want %d\n%s", test.name, len(made), test.want, strings.Join(made, "\n"))
		}
		for _, statement := range made {
			s.mustUseIndexes(t, statement)
		}
	}
	for _, statement := range before {
		s.mustUseIndexes(t, statement)
	}
	s.mustUseIndexes(t, strings.NewReplacer("{:before}", "'2026-11-27'", "{:limit}", "100").Replace(expiredJobs))
	if err := s.ledger.forgetOldest(ctx); err != nil {
		t.Error(err)
	}
	if recalled, err := s.ledger.recall(ctx, memory, stored.blocks); err != nil || len(recalled) != 1 || recalled[0].Text != "Une baleine." {
		t.Errorf("remembered %v %v", recalled, err)
	}
}

// mustUseIndexes wants no table of the service to be read as a whole.
func (s *setup) mustUseIndexes(t *testing.T, statement string) {
	t.Helper()
	var plan []struct {
		Detail string `db:"detail"`
	}
	statement = strings.Replace(statement, "status = done", "status = 'done'", 1) // as it is logged
	if err := s.app.DB().NewQuery("EXPLAIN QUERY PLAN " + statement).All(&plan); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	for _, step := range plan {
		if strings.HasPrefix(step.Detail, "SCAN ") && !strings.Contains(step.Detail, "json_each") && !strings.Contains(step.Detail, "VIRTUAL TABLE") {
			t.Errorf("%s\nreads a whole table: %s", statement, step.Detail)
		}
	}
}

// TestMonthsSpending adds up what an owner spends in a month, exactly.
func TestMonthsSpending(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	id := s.mustJob(t, 3)
	usage := engine.Usage{InputTokens: 1}
	for range 1000 {
		if err := s.ledger.spend(ctx, id, bill{usage: usage, cost: new(engine.USD(100)), month: "2026-11", owner: s.owner.Id}); err != nil {
			t.Fatal(err)
		}
	}
	spent, err := s.ledger.spentInMonth(ctx, s.owner.Id, "2026-11")
	job := s.mustRead(t, id)
	if err != nil || spent != 100_000 || costOf(job, priced{}) != 100_000 || job.InputTokens() != 1000 {
		t.Errorf("the month %d, the job %s, %v", spent, job.CostUSD(), err)
	}
	if err := s.ledger.spend(ctx, id, bill{usage: usage}); err != nil {
		t.Fatal(err)
	}
	if job := s.mustRead(t, id); job.CostUSD().String() != "null" {
		t.Errorf("with a part of unknown price the job costs %s", job.CostUSD())
	}
}

// TestKeepVerified keeps translations of an unfinished segment, and none that were
// made under an older brief.
func TestKeepVerified(t *testing.T) {
	s := newSetup(t)
	ctx := context.Background()
	id := s.mustJob(t, 2)
	blocks := []engine.Block{{ID: "b1", Text: "Une baleine."}}
	if err := s.ledger.keepVerified(ctx, id, 0, verified{blocks: blocks}); err != nil {
		t.Fatal(err)
	}
	if stored, err := s.ledger.segment(ctx, id, 0); err != nil || len(stored.kept) != 1 {
		t.Errorf("kept %v, %v", stored.kept, err)
	}
	job := s.mustRead(t, id)
	change := briefChange{style: map[string]any{"tone": "calm"}, restyled: true}
	if _, err := s.ledger.changeBrief(ctx, job, change, renewal{}, 10); err != nil {
		t.Fatal(err)
	}
	if stored, err := s.ledger.segment(ctx, id, 0); err != nil || len(stored.kept) != 0 {
		t.Errorf("under another style %v is kept, %v", stored.kept, err)
	}
	if err := s.ledger.keepVerified(ctx, id, 0, verified{blocks: blocks}); !isStale(err) {
		t.Errorf("a translation under the old brief was kept: %v", err)
	}
	work, outcome := settled(id, 0)
	if err := s.ledger.settle(ctx, settlementOf(work, outcome)); !isStale(err) {
		t.Errorf("a segment was settled under the old brief: %v", err)
	}
}

// TestBriefOfAJobThatEndsMeanwhile changes the brief of a job that was read while it
// was being processed and has ended since.
func TestBriefOfAJobThatEndsMeanwhile(t *testing.T) {
	ctx := context.Background()
	ends := map[string]struct {
		end    func(*ledger, string) error
		status records.Status
		err    error
	}{
		"completed": {func(l *ledger, id string) error { return l.complete(ctx, id, "output.txt", 1, 0) }, records.StatusPending, nil},
		"failed":    {func(l *ledger, id string) error { return l.fail(ctx, id, "no") }, records.StatusPending, nil},
		"cancelled": {func(l *ledger, id string) error { return l.move(ctx, id, cancel(), nil) }, records.StatusCancelled, errStale},
	}
	change := briefChange{style: map[string]any{"tone": "calm"}, restyled: true, styleGiven: true}
	for name, test := range ends {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t)
			id := s.mustJob(t, 1)
			before := s.mustRead(t, id)
			work, outcome := settled(id, 0)
			if err := errors.Join(s.ledger.settle(ctx, settlementOf(work, outcome)), test.end(s.ledger, id)); err != nil {
				t.Fatal(err)
			}
			found, err := s.ledger.changeBrief(ctx, before, change, renewal{}, 10)
			if !errors.Is(err, test.err) || len(found.positions) != 1 {
				t.Fatalf("touched %v, %v", found.positions, err)
			}
			if job := s.mustRead(t, id); job.Status() != test.status || test.err == nil && (job.SegmentsDone() != 0 || job.Progress() == 100) {
				t.Errorf("the job is %s with %d done, %d %%", job.Status(), job.SegmentsDone(), job.Progress())
			}
		})
	}
	t.Run("beyond the limit of unfinished jobs", func(t *testing.T) {
		s := newSetup(t)
		id := s.mustJob(t, 1)
		work, outcome := settled(id, 0)
		err := errors.Join(s.ledger.settle(ctx, settlementOf(work, outcome)), s.ledger.fail(ctx, id, "no"))
		if err != nil {
			t.Fatal(err)
		}
		s.mustJob(t, 1)
		if _, err := s.ledger.changeBrief(ctx, s.mustRead(t, id), change, renewal{}, 1); !errors.Is(err, errTooManyJobs) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a term taken out while something is unfinished", func(t *testing.T) {
		s := newSetup(t)
		id := s.mustJob(t, 1)
		if err := s.ledger.keepVerified(ctx, id, 0, verified{blocks: []engine.Block{{ID: "b1", Text: "x"}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.ledger.changeBrief(ctx, s.mustRead(t, id), briefChange{differs: true, termsGiven: true}, renewal{}, 10); err != nil {
			t.Error(err)
		}
	})
}
